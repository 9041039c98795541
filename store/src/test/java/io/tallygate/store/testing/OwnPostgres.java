package io.tallygate.store.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What these tests do to their Postgres is not done to one that was given to them: they stop it, kill it, make copies of
 * its files, or need a superuser. Where one was given, they are skipped.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OwnPostgres.Condition.class)
public @interface OwnPostgres {
    /** What it takes, for who reads that it was skipped. */
    String value();

    /** Looks for {@code TALLYGATE_TEST_DATABASE_URL}. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return TestServer.GIVEN
                    ? ConditionEvaluationResult.disabled("Not on the Postgres of TALLYGATE_TEST_DATABASE_URL: it "
                            + context.getElement()
                                    .map(element -> element.getAnnotation(OwnPostgres.class))
                                    .map(OwnPostgres::value)
                                    .orElse("needs its own"))
                    : ConditionEvaluationResult.enabled("the Postgres is the tests' own");
        }
    }
}
