// Acknowledging a gap: it is known, and why.
import { send } from "../../api.js";
import { t } from "../../texts.js";
import { confirm } from "../../ui/dialog.js";
import { textField } from "../../ui/form.js";
import { toast } from "../../ui/toast.js";

const MAX_REASON = 256;

/** Asks why, and acknowledges it. */
export function askToAcknowledge(gap, refresh) {
  confirm(t("gaps.acknowledge"), t("gaps.acknowledgeText"), {
    action: t("gaps.acknowledge"),
    fields: [textField("reason", t("gaps.reason"), { required: true, maxlength: MAX_REASON, value: gap.reason ?? "", hint: t("gaps.reasonHint") })],
    act: async (values) => {
      await send("POST", `/gaps/${encodeURIComponent(gap.gapId)}/acknowledge`, values);
      toast(t("gaps.acknowledged"), "good");
      refresh();
    },
  });
}
