// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.console;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.spicetime.runtime.api.catalogue.CatalogueState;
import org.spicetime.runtime.api.catalogue.PluginKind;
import org.spicetime.runtime.api.domain.RuntimeStatus;
import org.spicetime.runtime.api.error.RefusedException;
import org.spicetime.runtime.api.security.Caller;

/*
 * The console draws its frame around what a GET writes; a POST is answered by us alone. The gate in
 * front of every servlet lets a POST in only from a page of this host, so a form needs no secret of
 * its own.
 */

/** The console's page about domains, with buttons for what they allow. Thread-safe. */
@Component(
        service = Servlet.class,
        property = {
            "felix.webconsole.label=" + DomainsPage.LABEL,
            "felix.webconsole.title=Domains",
            "felix.webconsole.category=Domain Runtime",
            "felix.webconsole.css=/" + DomainsPage.LABEL + "/res/console/domains.css"
        })
public final class DomainsPage extends HttpServlet {
    static final String LABEL = "domains";
    private static final long serialVersionUID = 1;
    private static final String PLUGIN_ROOT = "felix.webconsole.pluginRoot";
    private static final int REFRESH_SECONDS = 10;
    private static final List<String> COLUMNS_OF_STATUS = List.of("Status", "State");

    /** What a domain's status allows. */
    private static final Map<RuntimeStatus, List<DomainAction>> ALLOWED =
            Map.of(
                    RuntimeStatus.CREATED, List.of(DomainAction.START),
                    RuntimeStatus.STOPPED, List.of(DomainAction.START),
                    RuntimeStatus.FAILED, List.of(DomainAction.START),
                    RuntimeStatus.RUNNING, List.of(DomainAction.PAUSE),
                    RuntimeStatus.DEGRADED, List.of(DomainAction.PAUSE),
                    RuntimeStatus.PAUSED, List.of(DomainAction.RESUME),
                    RuntimeStatus.DRAINING, List.of(DomainAction.RESUME));

    private final transient Sheets sheets;
    private final transient Actions actions;

    @Activate
    public DomainsPage(@Reference Sheets sheets, @Reference Actions actions) {
        this.sheets = sheets;
        this.actions = actions;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        boolean refreshes = request.getParameter("still") == null;
        if (refreshes) response.setIntHeader("Refresh", REFRESH_SECONDS);
        response.setHeader("Cache-Control", "no-store");
        String root = SheetHtml.escaped(String.valueOf(request.getAttribute(PLUGIN_ROOT)));
        PrintWriter out = response.getWriter();
        out.print(
                "<p class=\"dr-note\">As of "
                        + Instant.now().truncatedTo(ChronoUnit.SECONDS)
                        + (refreshes
                                ? ", again every "
                                        + REFRESH_SECONDS
                                        + " s. <a href=\""
                                        + root
                                        + "?still\">Hold still</a>"
                                : ". <a href=\"" + root + "\">Refresh by itself</a>")
                        + "</p>\n");
        out.print(with(sheets.domains(), root));
        out.print(plain(sheets.queues()));
        out.print(plain(sheets.pools()));
        out.print(plain(sheets.incidents()));
        out.print(plain(sheets.bundles()));
        out.print(with(sheets.plugins(), root));
        out.print(plain(sheets.health()));
    }

    private static String plain(Sheet sheet) {
        return SheetHtml.of(
                sheet,
                (column, row) ->
                        COLUMNS_OF_STATUS.contains(column)
                                ? badge(value(sheet, column, row))
                                : null);
    }

    private static String with(Sheet sheet, String root) {
        return SheetHtml.of(
                sheet,
                (column, row) -> {
                    if (column.equals("Status")) {
                        RuntimeStatus status = RuntimeStatus.valueOf(value(sheet, column, row));
                        return badge(status.name())
                                + buttons(status, value(sheet, "Domain", row), root);
                    }
                    if (column.equals("State")) {
                        String state = value(sheet, column, row);
                        return badge(state)
                                + (state.equals(CatalogueState.QUARANTINED.name())
                                        ? reinstate(
                                                value(sheet, "Kind", row),
                                                value(sheet, "Name", row),
                                                root)
                                        : "");
                    }
                    return null;
                });
    }

    private static String value(Sheet sheet, String column, int row) {
        return String.valueOf(sheet.rows().get(row).get(sheet.columns().indexOf(column)));
    }

    private static String badge(String state) {
        String shown = SheetHtml.escaped(state);
        return "<span class=\"dr-state dr-" + shown + "\">" + shown + "</span>";
    }

    private static String buttons(RuntimeStatus status, String domain, String root) {
        StringBuilder html = new StringBuilder();
        for (DomainAction action : ALLOWED.getOrDefault(status, List.of())) {
            html.append(
                    form(root, action.word(), Map.of("action", action.word(), "domain", domain)));
        }
        return html.toString();
    }

    private static String reinstate(String kind, String name, String root) {
        return form(root, "reinstate", Map.of("action", "reinstate", "kind", kind, "name", name));
    }

    private static String form(String root, String label, Map<String, String> fields) {
        StringBuilder html =
                new StringBuilder("<form method=\"post\" class=\"dr-form\" action=\"")
                        .append(root)
                        .append("\">");
        fields.forEach((name, value) ->
                html.append("<input type=\"hidden\" name=\"")
                        .append(name)
                        .append("\" value=\"")
                        .append(SheetHtml.escaped(value))
                        .append("\"/>"));
        return html.append("<button type=\"submit\">")
                .append(label)
                .append("</button></form>")
                .toString();
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader("Cache-Control", "no-store");
        try {
            act(request);
            response.setStatus(HttpServletResponse.SC_SEE_OTHER);
            response.setHeader("Location", String.valueOf(request.getAttribute(PLUGIN_ROOT)));
        } catch (RefusedException refused) {
            answer(response, refused.code().name() + ": " + refused.getMessage());
        } catch (IllegalArgumentException malformed) {
            answer(response, "BAD_USER_INPUT: " + malformed.getMessage());
        }
    }

    private void act(HttpServletRequest request) {
        if (!(request.getAttribute(Caller.class.getName()) instanceof Caller caller)) {
            throw new IllegalArgumentException("nobody is signed in");
        }
        String action = field(request, "action");
        if (action.equals("reinstate")) {
            actions.reinstate(
                    PluginKind.valueOf(field(request, "kind")), field(request, "name"), caller);
        } else {
            actions.control(DomainAction.of(action), field(request, "domain"), caller);
        }
    }

    private static String field(HttpServletRequest request, String name) {
        String value = request.getParameter(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("the field " + name + " is missing");
        }
        return value;
    }

    private static void answer(HttpServletResponse response, @Nullable String sentence)
            throws IOException {
        response.setStatus(HttpServletResponse.SC_CONFLICT);
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().print(SheetText.cell(sentence) + "\nNothing was changed.\n");
    }
}
