import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lints a chart and renders it once for each file of values, in one process: java -cp 'jars/*' Render.java CHART FOLDER KUBERNETES.
 * Beside FOLDER/name.yaml it writes name.rendered, or name.refused with what Helm says; of lint, FOLDER/lint.
 */
public class Render {
  public static void main(String[] arguments) throws Exception {
    Path chart = Path.of(arguments[0]);
    Path folder = Path.of(arguments[1]);
    Helm helm = new Helm(chart);
    LintResult lint = helm.lint().strict().call();
    Files.writeString(folder.resolve("lint"), (lint.isFailed() ? "failed" : "passed") + "\n" + String.join("\n", lint.getMessages()) + "\n");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.yaml")) {
      for (Path values : files) {
        String name = values.getFileName().toString().replaceAll("\\.yaml$", "");
        try {
          Files.writeString(folder.resolve(name + ".rendered"), helm.template().withName("customs").withNamespace("authority").withKubeVersion(arguments[2]).withValuesFile(values).call());
        } catch (RuntimeException refusal) {
          Files.writeString(folder.resolve(name + ".refused"), String.valueOf(refusal.getMessage()));
        }
      }
    }
  }
}
