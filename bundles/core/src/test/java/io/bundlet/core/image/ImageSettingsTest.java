package io.bundlet.core.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bundlet.core.image.ImageSettings.Removal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageSettingsTest {
  private static ImageSettings of(String file, int pulls, int high, int low, int least, int most, int interval) {
    return ImageSettings.of(file, new int[] {pulls, 3600}, new int[] {high, low}, new int[] {least, most, interval});
  }

  @Test
  void whatCanBeUsedIsUsed() {
    assertEquals(
        new ImageSettings(
            Optional.of(Path.of("/etc/config.json")), 1, Duration.ofHours(1),
            new Removal(70, 0, Duration.ZERO, Optional.of(Duration.ofHours(1)), Duration.ofSeconds(9)), List.of()),
        of("/etc/config.json", 1, 70, 0, 0, 3600, 9));
    assertEquals(ImageSettings.STANDARD, of("", 5, 85, 80, 120, 0, 300));
  }

  @Test
  void theLongestPull() {
    int[] percents = {85, 80};
    int[] seconds = {120, 0, 300};
    assertEquals(
        Duration.ofSeconds(90), ImageSettings.of("", new int[] {5, 90}, percents, seconds).pullLimit());
    assertEquals(Duration.ZERO, ImageSettings.of("", new int[] {5, 0}, percents, seconds).pullLimit());
    ImageSettings below = ImageSettings.of("", new int[] {5, -1}, percents, seconds);
    assertEquals(ImageSettings.STANDARD.pullLimit(), below.pullLimit());
    assertEquals(List.of("image.pull.limit.seconds: -1 is below 0; 3600 is used"), below.problems());
  }

  @ParameterizedTest
  @CsvSource({"-1, 85, 80, 120, 0, 300", "5, 80, 80, 120, 0, 300", "5, 101, 80, 120, 0, 300", "5, 85, -1, 120, 0, 300",
      "5, 85, 80, -1, 0, 300", "5, 85, 80, 120, 60, 300", "5, 85, 80, 120, -1, 300", "5, 85, 80, 120, 0, 0"})
  void whatCannotIsToldAndTheStandardHolds(int pulls, int high, int low, int least, int most, int interval) {
    ImageSettings settings = of("", pulls, high, low, least, most, interval);
    assertEquals(1, settings.problems().size(), settings::toString);
    assertTrue(settings.problems().getFirst().matches("[a-z.]+(, [a-z.]+)?: .*"), settings::toString);
    assertEquals(ImageSettings.STANDARD.pulls(), settings.pulls());
    assertEquals(ImageSettings.STANDARD.removal(), settings.removal());
  }
}
