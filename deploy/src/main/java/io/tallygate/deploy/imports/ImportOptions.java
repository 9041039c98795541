package io.tallygate.deploy.imports;

import io.tallygate.deploy.client.GatewayOptions;
import io.tallygate.deploy.client.GatewayTarget;
import io.tallygate.deploy.client.RunningDemo;
import io.tallygate.deploy.client.TokenFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code import}. */
final class ImportOptions {
    @Mixin
    private GatewayOptions gateway;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            converter = TokenFile.class,
            description = "The token of a caller with Usage.Report. Default: TALLYGATE_TOKEN, or the demo's reporter.")
    private String token;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = FormatConverter.class,
            description =
                    "auto (by content, the default), ndjson (CloudEvents), pages (of the usage API), focus (CSV).")
    private InputFormat format;

    @Option(
            names = "--reported-at",
            paramLabel = "WHEN",
            converter = ReportedAtConverter.class,
            defaultValue = "now",
            description = "now (the default), or usage-hour: backfill the windows that are not sealed yet.")
    private ReportedAt reportedAt;

    @Option(
            names = "--create-missing",
            description = "FOCUS: create tenants (BillingAccountId), subscriptions (SubAccountId), meters (SkuId).")
    private boolean createMissing;

    @Option(
            names = "--registration",
            paramLabel = "NAME",
            description = "Of new subscriptions: a name or a resource id. Default: the demo's, or the only one.")
    private String registration;

    @Option(names = "--chargeable", description = "New meters are chargeable.")
    private boolean chargeable;

    @Option(
            names = "--operator-token-file",
            paramLabel = "FILE",
            converter = TokenFile.class,
            description = "The token for --create-missing. Default: TALLYGATE_OPERATOR_TOKEN, or the demo's operator.")
    private String operatorToken;

    @Option(
            names = "--operator-subscription",
            paramLabel = "ID",
            description = "The default provider subscription, for --create-missing. Default: the demo's.")
    private String operatorSubscription;

    @Option(names = "--restart", description = "Forget how far an interrupted import of the same file came.")
    private boolean restart;

    @Option(names = "--errors", paramLabel = "FILE", description = "Write everything that was refused, as NDJSON.")
    private Path errors;

    /** Where to post to. */
    GatewayTarget target(Map<String, String> environment) throws IOException {
        return gateway.target(GatewayTarget.Caller.REPORTER, token, environment);
    }

    /** How to create what is missing, or null if it is not to be created. */
    DirectoryOptions directory(GatewayTarget target, Map<String, String> environment) {
        if (!createMissing) {
            if (registration != null || chargeable) {
                throw new IllegalArgumentException("--registration and --chargeable need --create-missing");
            }
            return null;
        }
        RunningDemo demo = target.demo();
        String creator =
                operatorToken != null || demo != null ? operatorToken : environment.get("TALLYGATE_OPERATOR_TOKEN");
        String registrationId = registration == null && demo != null && demo.registration() != null
                ? demo.registration().resourceId()
                : registration;
        return new DirectoryOptions(
                required(
                        "--operator-token-file",
                        creator,
                        demo == null ? null : demo.operator().token()),
                required(
                        "--operator-subscription",
                        operatorSubscription,
                        demo == null ? null : demo.operator().subscriptionId()),
                registrationId,
                chargeable);
    }

    /** The format of a file. */
    InputFormat format(InputFile file) throws IOException {
        InputFormat known = format == null ? InputFormat.detect(file) : format;
        if (createMissing && known != InputFormat.focus) {
            throw new IllegalArgumentException("--create-missing is for FOCUS files, " + file.path() + " is " + known);
        }
        return known;
    }

    /** Which windows the records join. */
    ReportedAt reportedAt() {
        return reportedAt;
    }

    /** Whether checkpoints of earlier runs are ignored. */
    boolean restart() {
        return restart;
    }

    /** Where all refusals are written, or null. */
    Path errors() {
        return errors;
    }

    /** What makes two imports of a file to a gateway the same one. */
    List<String> key(InputFile file, InputFormat known, GatewayTarget target, DirectoryOptions directory) {
        return List.of(file.sha256(), target.url(), known.name(), reportedAt.toString(), String.valueOf(directory));
    }

    private static String required(String option, String given, String otherwise) {
        String value = given == null ? otherwise : given;
        if (value == null) {
            throw new IllegalArgumentException("--create-missing needs " + option);
        }
        return value;
    }

    /** Reads {@code --format}. */
    static final class FormatConverter implements ITypeConverter<InputFormat> {
        @Override
        public InputFormat convert(String value) {
            if (value.equals("auto")) {
                return null;
            }
            for (InputFormat format : InputFormat.values()) {
                if (format.name().equals(value.toLowerCase(Locale.ROOT))) {
                    return format;
                }
            }
            throw new TypeConversionException("expected auto, ndjson, pages or focus, found " + value);
        }
    }

    /** Reads {@code --reported-at}. */
    static final class ReportedAtConverter implements ITypeConverter<ReportedAt> {
        @Override
        public ReportedAt convert(String value) {
            for (ReportedAt when : ReportedAt.values()) {
                if (when.toString().equals(value)) {
                    return when;
                }
            }
            throw new TypeConversionException("expected now or usage-hour, found " + value);
        }
    }
}
