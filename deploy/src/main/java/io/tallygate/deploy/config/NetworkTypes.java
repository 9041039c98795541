package io.tallygate.deploy.config;

import io.netty.util.NetUtil;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of settings that name something on a network. No name is looked up here. */
final class NetworkTypes {
    private static final Pattern DATABASE_PATH = Pattern.compile("/[^/]+");
    // Verifying modes need a certificate authority, which has no setting yet.
    private static final Pattern DATABASE_QUERY = Pattern.compile("sslmode=(disable|allow|prefer|require)");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");
    private static final Pattern RANGE = Pattern.compile("([0-9A-Fa-f.:]{2,45})(?:/(\\d{1,3}))?");

    private NetworkTypes() {}

    /** An address or name to listen on. */
    static SettingType<String> host() {
        return SettingType.scalar("host", text -> {
            if (!HOST.matcher(text).matches()) {
                throw new InvalidValueException("expected an address or a host name, such as 0.0.0.0");
            }
            return text;
        });
    }

    /** The URL of a Postgres database, without user or password. */
    static SettingType<String> database() {
        return SettingType.scalar("URL", text -> {
            URI uri = parse(text, Set.of("postgresql", "postgres"));
            if (uri == null || !DATABASE_PATH.matcher(uri.getRawPath()).matches() || !goodQuery(uri.getRawQuery())) {
                throw new InvalidValueException("expected postgresql://HOST:PORT/NAME, with nothing behind it but"
                        + " ?sslmode= and one of disable, allow, prefer, require; user and password have settings of"
                        + " their own");
            }
            return text;
        });
    }

    private static boolean goodQuery(String query) {
        return query == null || DATABASE_QUERY.matcher(query).matches();
    }

    /** An absolute http or https URL without user, password and fragment. */
    static SettingType<URI> webUrl() {
        return SettingType.scalar("URL", text -> {
            URI uri = parse(text, Set.of("https", "http"));
            if (uri == null) {
                throw new InvalidValueException("expected an absolute URL, such as https://portal.example.com/");
            }
            return uri;
        });
    }

    /** An absolute https URL without user, password and fragment. */
    static SettingType<URI> secureUrl() {
        return SettingType.scalar("URL", text -> {
            URI uri = parse(text, Set.of("https"));
            if (uri == null) {
                throw new InvalidValueException(
                        "expected an absolute https URL, such as https://login.example.com/.well-known/openid-configuration");
            }
            return uri;
        });
    }

    /** The origin of a web page: scheme and host, and the port if it is not the usual one, as a browser writes it. */
    static String origin(String text) throws InvalidValueException {
        URI uri = parse(text, Set.of("https", "http"));
        if (uri == null
                || !(uri.getScheme() + "://" + uri.getRawAuthority()).equals(text)
                || !text.equals(text.toLowerCase(Locale.ROOT))
                || text.matches("(https:.*:443|http:.*:80|.*:)")) {
            throw new InvalidValueException(
                    "expected an origin as browsers write it, in small letters and with nothing behind it, such as"
                            + " https://portal.example.com");
        }
        return text;
    }

    /** The URI when it is absolute, of one of the schemes, with a host and no user or fragment; else null. */
    static URI parse(String text, Set<String> schemes) {
        try {
            URI uri = new URI(text);
            boolean good = uri.getScheme() != null
                    && schemes.contains(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null
                    && uri.getPort() <= 65535;
            return good ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** An address or a CIDR range, checked without looking any name up. */
    static String addressRange(String text) throws InvalidValueException {
        Matcher matcher = RANGE.matcher(text);
        byte[] address = matcher.matches() ? NetUtil.createByteArrayFromIpAddressString(matcher.group(1)) : null;
        boolean wide = address != null
                && matcher.group(2) != null
                && Integer.parseInt(matcher.group(2)) > address.length * Byte.SIZE;
        if (address == null || wide) {
            throw new InvalidValueException("expected an address or a CIDR range, such as 10.0.0.0/8 or ::1");
        }
        return text;
    }
}
