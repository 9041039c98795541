package io.tallygate.gateway.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NextLinkTest {
    private static final URI FIRST = URI.create("https://admin.stamp.example/subscriptions/1/usage?api-version=v");
    private static final URI ASKED = URI.create(FIRST + "&continuationToken=1");

    private static String resolved(String link) {
        return NextLink.resolve(FIRST, ASKED, link).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "https://admin.stamp.example/a?b=c, https://admin.stamp.example/a?b=c",
        "HTTPS://Admin.Stamp.Example:443/a?b=c, HTTPS://Admin.Stamp.Example:443/a?b=c",
        "/a/b?c=d, https://admin.stamp.example/a/b?c=d",
        "//admin.stamp.example/a?b, https://admin.stamp.example/a?b",
        "?continuationToken=2, https://admin.stamp.example/subscriptions/1/usage?continuationToken=2",
        "usage?continuationToken=2, https://admin.stamp.example/subscriptions/1/usage?continuationToken=2",
        "'/a?b=c d|e\u00e9', https://admin.stamp.example/a?b=c%20d%7Ce%C3%A9",
        "/a?t=2026-11-20T00:00:00+00:00, https://admin.stamp.example/a?t=2026-11-20T00:00:00+00:00",
    })
    void aLinkWithinTheSourceIsFollowed(String link, String next) {
        assertThat(resolved(link)).isEqualTo(next);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://stamp:8080/usage?v=1", "http://stamp/usage?v=1"})
    void aSourceThatIsAskedWithoutTlsMayLinkToItsOwnAddressWithIt(String first) {
        String link = first.replace("http:", "https:") + "&continuationToken=2";
        URI asked = URI.create(first);

        assertThat(NextLink.resolve(asked, asked, link)).isEqualTo(URI.create(first + "&continuationToken=2"));
        assertThatThrownBy(() -> NextLink.resolve(asked, asked, link.replace("stamp", "elsewhere")))
                .isInstanceOf(SourceException.class);
    }

    @Test
    void aTokenAloneIsPutToTheFirstPage() {
        assertThat(resolved("MTIz+a/b==")).isEqualTo(FIRST + "&continuationToken=MTIz%2Ba%2Fb%3D%3D");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://elsewhere.example/a?b",
                "http://admin.stamp.example/a?b",
                "https://admin.stamp.example:8443/a?b",
                "https://admin.stamp.example.elsewhere.example/a?b",
                "https://admin.stamp.example@elsewhere.example/a?b",
                "https://user@admin.stamp.example/a?b",
                "https:///a?b",
                "//elsewhere.example/a?b",
                "ftp://admin.stamp.example/a?b",
            })
    void aLinkToAnotherOriginIsNot(String link) {
        assertThatThrownBy(() -> resolved(link))
                .isInstanceOfSatisfying(
                        SourceException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(SourceException.Kind.Malformed))
                .hasMessageContaining("https://admin.stamp.example:443");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://admin.stamp.example/a?%zz",
                "/a?b\u0000",
                "/a?b\r\nHost: elsewhere",
                "https://admin.stamp.example/subscriptions/1/usage?api-version=v",
                "/subscriptions/1/usage?api-version=v&continuationToken=1",
                "?api-version=v&continuationToken=1",
                "1",
            })
    void aLinkThatIsBrokenOrLeadsBackIsNot(String link) {
        assertThatThrownBy(() -> resolved(link))
                .isInstanceOfSatisfying(
                        SourceException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(SourceException.Kind.Malformed))
                .hasMessageStartingWith("nextLink ");
    }
}
