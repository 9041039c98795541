package io.tallygate.deploy.portal;

import com.microsoft.playwright.options.ColorScheme;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/** How somebody looks at the portal: in light or dark, on a desk or on a telephone. */
enum Look {
    LIGHT_WIDE(ColorScheme.LIGHT, 1280, 800),
    DARK_WIDE(ColorScheme.DARK, 1280, 800),
    LIGHT_NARROW(ColorScheme.LIGHT, 390, 844),
    DARK_NARROW(ColorScheme.DARK, 390, 844);

    private final ColorScheme scheme;
    private final int width;
    private final int height;

    Look(ColorScheme scheme, int width, int height) {
        this.scheme = scheme;
        this.width = width;
        this.height = height;
    }

    /** Those that the build asks for ({@code it.looks}); all of them where it does not say. */
    static Stream<Look> asked() {
        String names = System.getProperty("tallygate.test.looks");
        return names == null
                ? Arrays.stream(values())
                : Arrays.stream(names.split(",", -1)).map(Look::valueOf);
    }

    ColorScheme scheme() {
        return scheme;
    }

    /** Of the window's inside, in CSS pixels. */
    int width() {
        return width;
    }

    /** Of the window's inside, in CSS pixels. */
    int height() {
        return height;
    }

    /** {@code light-wide} and the like. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
