// Windows: how far sealing and routing are. The simplest view: a model for others.
import { get, send } from "../api.js";
import { h } from "../dom.js";
import { formatCount, formatHour, formatMoment, formatRelative } from "../format.js";
import { manages } from "../session.js";
import { t } from "../texts.js";
import { confirm } from "../ui/dialog.js";
import { textField } from "../ui/form.js";
import { button, card, facts, figure, figures, heading } from "../ui/page.js";
import { part } from "../ui/states.js";
import { toast } from "../ui/toast.js";

export default function windows({ signal, title }) {
  const progress = part(signal, () => get("/windows", {}, { signal }), drawProgress);
  const seal = manages() && button(t("windows.seal"), () => askToSeal(progress));
  return [heading(title, t("windows.text"), seal), progress];
}

function drawProgress(status) {
  return h("pre", {}, JSON.stringify(status, null, 2));
}

function askToSeal(progress) {
  const through = textField("through", t("windows.through"), {
    required: true,
    hint: t("windows.throughHint"),
    pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:00:00Z$/,
    expected: t("form.hour"),
  });
  confirm(t("windows.seal"), t("windows.sealText"), {
    action: t("windows.seal"),
    fields: [through],
    act: async (values) => {
      await send("POST", "/windows/seal", values);
      toast(t("windows.sealing"), "good");
      progress.refresh();
    },
  });
}
