// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.benchmarks.peers.spring;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Serves until its standard input ends. Argument: the folder of what the host answered. */
@SpringBootApplication
public class SpringPeer {
    private static final String ANSWERS = "answers";

    /** Serves. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) throw new IllegalArgumentException("wanted: folder");
        SpringApplication application = new SpringApplication(SpringPeer.class);
        application.setDefaultProperties(
                Map.of(
                        "server.address", "127.0.0.1",
                        "server.port", "0",
                        // The other servers keep a connection for as long as it is used.
                        "server.tomcat.max-keep-alive-requests", "-1",
                        "spring.main.banner-mode", "off",
                        "logging.level.root", "error",
                        ANSWERS, arguments[0]));
        var context = (ServletWebServerApplicationContext) application.run();
        System.out.println("peer ready at http://127.0.0.1:" + context.getWebServer().getPort());
        // Ends with whoever started it.
        System.in.transferTo(OutputStream.nullOutputStream());
        context.close();
    }

    @Bean
    TaskTable tasks(Environment environment) {
        return new TaskTable(Path.of(environment.getRequiredProperty(ANSWERS)));
    }
}
