package io.tallygate.deploy.operate;

import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which entries of the audit are meant. */
final class AuditOptions {
    @Option(names = "--from", paramLabel = "TIME", description = "Recorded at this time or later.")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Recorded before this time.")
    private String to;

    @Option(names = "--action", paramLabel = "ACTION", description = "What was done, such as registration.put.")
    private String action;

    @Option(names = "--target", paramLabel = "TARGET", description = "What it was done to, in full.")
    private String target;

    @Option(names = "--tenant", paramLabel = "ID", description = "The directory tenant of whoever did it.")
    private String tenant;

    @Option(names = "--subject", paramLabel = "ID", description = "Whoever did it.")
    private String subject;

    /** The parameters of the request; null where an option was not given. */
    Map<String, String> query() {
        Map<String, String> query = new HashMap<>();
        query.put("from", from);
        query.put("to", to);
        query.put("action", action);
        query.put("target", target);
        query.put("tenantId", tenant);
        query.put("subject", subject);
        return query;
    }
}
