package io.tallygate.gateway.testing;

import static io.tallygate.gateway.http.RefusalReason.BAD_SIGNATURE;
import static io.tallygate.gateway.http.RefusalReason.MALFORMED_TOKEN;
import static io.tallygate.gateway.http.RefusalReason.TOKEN_TOO_LONG;

/** What is no compact JWS (RFC 7515, section 7.1), or not the only way to write it. */
final class HostileForms {
    private final TokenTable table;

    HostileForms(TokenTable table) {
        this.table = table;
    }

    void add() {
        table.group("Parts (RFC 7515, 7.1)");
        String token = table.good().good("RS256");
        String[] parts = token.split("\\.", -1);
        String header = parts[0];
        String payload = parts[1];
        String signature = parts[2];
        malformed("empty", "");
        malformed("one dot", ".");
        malformed("two dots", "..");
        malformed("three dots", "...");
        malformed("a word", "token");
        malformed("header only", header);
        malformed("two parts", header + "." + payload);
        malformed("empty signature", header + "." + payload + ".");
        malformed("empty payload", header + ".." + signature);
        malformed("empty header", "." + payload + "." + signature);
        malformed("four parts", token + "." + signature);
        malformed("five parts, as a JWE has", token + ".." + signature);
        malformed("trailing dot", token + ".");
        malformed("leading dot", "." + token);
        malformed("another letter for the dot", token.replace('.', '\u2024'));
        malformed("slashes for dots", token.replace('.', '/'));
        malformed("JSON serialization", "{\"payload\":\"" + payload + "\",\"signature\":\"" + signature + "\"}");
        malformed("twice, with a comma", token + "," + token);
        malformed("twice, with a space", token + " " + token);
        malformed("in quotes", '"' + token + '"');
        malformed("the scheme twice", "Bearer " + token);

        table.group("Encoding (RFC 7515, 2: base64url without padding, one way to write it)");
        malformed("trailing equals sign", token + "=");
        malformed("padded payload", header + "." + payload + "==." + signature);
        table.add(BAD_SIGNATURE, "a letter more", token + "A");
        table.add(BAD_SIGNATURE, "bytes more", token + "AAAA");
        malformed("space inside", header + "." + payload + ". " + signature);
        malformed("tab inside", header + "." + payload + ".\t" + signature);
        malformed("plain base64", header + "." + payload + "." + plainAlphabet(signature));
        malformed("letter outside the alphabet", header + "." + payload + "." + signature.substring(1) + "!");
        malformed("percent-encoded dot", token.replaceFirst("\\.", "%2E"));
        malformed("full-width letters", header + "." + payload + "." + fullWidth(signature));
        malformed("unused bits set", header + "." + payload + "." + lastLetterBumped(signature));

        table.group("Length");
        add64k(header, signature);
        table.add(
                TOKEN_TOO_LONG,
                "properly signed, more than 8 KiB",
                table.claimed(claims -> claims.put("pad", "x".repeat(8 * 1024))));
        table.add(TOKEN_TOO_LONG, "8 KiB of dots", ".".repeat(8 * 1024 + 1));
    }

    private void add64k(String header, String signature) {
        table.add(TOKEN_TOO_LONG, "64 KiB", header + "." + "A".repeat(64 * 1024) + "." + signature);
    }

    private void malformed(String name, String token) {
        table.add(MALFORMED_TOKEN, name, token);
    }

    private static String plainAlphabet(String encoded) {
        String plain = encoded.replace('-', '+').replace('_', '/');
        return plain.equals(encoded) ? "+" + encoded.substring(1) : plain;
    }

    private static String fullWidth(String encoded) {
        StringBuilder wide = new StringBuilder();
        encoded.chars().forEach(c -> wide.append((char) (Character.isLetterOrDigit(c) ? c - '!' + '\uff01' : c)));
        return wide.toString();
    }

    /** 256 bytes end in a letter with four unused bits; a lenient decoder takes its neighbour for the same bytes. */
    private static String lastLetterBumped(String encoded) {
        char last = encoded.charAt(encoded.length() - 1);
        return encoded.substring(0, encoded.length() - 1) + (char) (last + 1);
    }
}
