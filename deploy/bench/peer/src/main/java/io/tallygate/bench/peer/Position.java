package io.tallygate.bench.peer;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/** A row's place in the order of rows; as a continuation token it is neither signed nor bound to a caller. */
record Position(Instant reportedTime, int seq) {
    String token() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((reportedTime + "/" + seq).getBytes(StandardCharsets.UTF_8));
    }

    static Position ofToken(String token) {
        String[] parts = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split("/", 2);
        return new Position(Instant.parse(parts[0]), Integer.parseInt(parts[1]));
    }
}
