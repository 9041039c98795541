package io.tallygate.deploy.portal;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.nio.file.Path;

/** Pictures of views for people to look at: {@code target/portal/NAME-light-wide.png} and the like. */
final class Screenshots {
    private static final Path DIRECTORY = Path.of("target", "portal");

    private Screenshots() {}

    /** What the window shows, once it is calm. */
    static Path take(Visit visit, String name) {
        return take(visit, name, false);
    }

    /** All of the page, as far down as it goes. */
    static Path takeWhole(Visit visit, String name) {
        return take(visit, name, true);
    }

    private static Path take(Visit visit, String name, boolean whole) {
        visit.settle();
        Path path = DIRECTORY.resolve(name + "-" + visit.look().label() + ".png");
        visit.page()
                .screenshot(new Page.ScreenshotOptions()
                        .setPath(path)
                        .setFullPage(whole)
                        .setAnimations(ScreenshotAnimations.DISABLED));
        return path;
    }
}
