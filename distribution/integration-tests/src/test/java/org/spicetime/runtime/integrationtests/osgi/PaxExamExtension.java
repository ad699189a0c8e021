// SPDX-License-Identifier: Apache-2.0
package org.spicetime.runtime.integrationtests.osgi;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.ops4j.pax.exam.TestContainerException;

/**
 * Starts a framework before the first test of a class, sends each call of a test method into it
 * instead of making it here, and stops it after the last. JUnit calls it one method at a time.
 */
final class PaxExamExtension
        implements BeforeAllCallback, AfterEachCallback, InvocationInterceptor {

    private static final ExtensionContext.Namespace SPACE =
            ExtensionContext.Namespace.create(PaxExamExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        Class<?> tests = context.getRequiredTestClass();
        // The store of the class closes the framework when the class is done.
        context.getStore(SPACE).put(FrameworkUnderTest.class, FrameworkUnderTest.start(tests));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        framework(context).call(Call.forget(context.getUniqueId()));
    }

    @Override
    public void interceptBeforeAllMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> call,
            ExtensionContext context)
            throws Throwable {
        send(invocation, call, context, Call.NO_TWIN);
    }

    @Override
    public void interceptAfterAllMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> call,
            ExtensionContext context)
            throws Throwable {
        send(invocation, call, context, Call.NO_TWIN);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> call,
            ExtensionContext context)
            throws Throwable {
        send(invocation, call, context, context.getUniqueId());
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> call,
            ExtensionContext context)
            throws Throwable {
        send(invocation, call, context, context.getUniqueId());
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> call,
            ExtensionContext context)
            throws Throwable {
        send(invocation, call, context, context.getUniqueId());
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> call,
            ExtensionContext context)
            throws Throwable {
        send(invocation, call, context, context.getUniqueId());
    }

    private static void send(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> call,
            ExtensionContext context,
            String twin)
            throws Throwable {
        invocation.skip();
        try {
            framework(context)
                    .call(
                            Call.of(
                                    twin,
                                    call.getTargetClass(),
                                    call.getExecutable(),
                                    call.getArguments()));
        } catch (TestContainerException | UndeclaredThrowableException e) {
            throw rootOf(e);
        }
    }

    private static FrameworkUnderTest framework(ExtensionContext context) {
        FrameworkUnderTest framework =
                context.getStore(SPACE).get(FrameworkUnderTest.class, FrameworkUnderTest.class);
        if (framework == null) {
            throw new IllegalStateException("the framework is not started");
        }
        return framework;
    }

    /** Assertion failures and assumptions shall arrive as themselves. */
    private static Throwable rootOf(Throwable problem) {
        Throwable root = problem;
        while (root.getCause() != null
                && (root instanceof TestContainerException
                        || root instanceof InvocationTargetException
                        || root instanceof UndeclaredThrowableException)) {
            root = root.getCause();
        }
        return root;
    }
}
