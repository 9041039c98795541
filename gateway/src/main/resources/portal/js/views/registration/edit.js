// Changing what a registration is: what is wanted, what that means, and the change.
import { address, send } from "../../api.js";
import { h } from "../../dom.js";
import { t } from "../../texts.js";
import { checkField, selectField } from "../../ui/form.js";
import { button } from "../../ui/page.js";
import { stepButton, stepForm, steps } from "../../ui/steps.js";
import { toast } from "../../ui/toast.js";
import { BILLING_MODELS, VERSION } from "./data.js";
import { tagsField } from "./tags.js";

/** Asks for the billing model, whether several tenants are mapped, and the tags; changes what was changed once that is confirmed. */
export function editRegistration(registration, mappings, onDone) {
  let changed = false;
  const { properties, tags = {} } = registration;
  const flow = steps(t("registration.editOf", { name: registration.name }), { onClose: () => changed && onDone() });
  const model = selectField("billingModel", t("registration.billingModel"), BILLING_MODELS.map((each) => [each, t(`registration.model.${each}`)]), { value: properties.billingModel });
  const several = checkField("multiTenant", t("registrations.mayMap"), { value: properties.multiTenant });
  const tagged = tagsField(tags);
  const fields = [model, several, tagged];

  function ask() {
    flow.show(t("registration.editAsk"), stepForm(flow, t("registration.editNext"), fields.map((field) => field.element), fields, review));
  }

  function review() {
    const changes = changesOf();
    const says = [
      changes.billingModel && t("registration.modelBecomes", { from: properties.billingModel, to: changes.billingModel }),
      changes.multiTenant !== undefined && t(changes.multiTenant ? "registration.becomesMany" : "registration.becomesOne"),
      ...tagWords(tags, changes.tags),
    ].filter(Boolean);
    if (says.length === 0) {
      throw new Error(t("registration.editNothing"));
    }
    flow.show(t("registration.editReview"), [
      h("ul", { class: "says" }, says.map((each) => h("li", {}, each))),
      warnings(changes, mappings).map((each) => h("p", { class: "notice warn" }, each)),
    ], button(t("mapping.back"), ask), stepButton(t("mapping.apply"), () => apply(changes), "primary"));
  }

  // Only what is another than it was: what somebody else changes meanwhile stays.
  function changesOf() {
    return {
      billingModel: model.value() === properties.billingModel ? undefined : model.value(),
      multiTenant: several.value() === properties.multiTenant ? undefined : several.value(),
      tags: sameTags(tagged.value(), tags) ? undefined : tagged.value(),
    };
  }

  async function apply({ tags: newTags, ...wanted }) {
    await send("PATCH", address(registration.id, VERSION), { ...(newTags ? { tags: newTags } : {}), properties: wanted });
    changed = true;
    toast(t("registration.edited", { name: registration.name }), "good");
    flow.close();
  }

  ask();
}

function warnings({ billingModel, multiTenant }, mappings) {
  const standing = mappings.some((each) => ["inForce", "scheduled"].includes(each.properties.state));
  return [
    billingModel && (billingModel === "PayAsYouUse" ? t("registration.willBill") : t("registration.willNotBill")),
    billingModel && billingModel !== "PayAsYouUse" && standing && t("registration.endFirst"),
    multiTenant === false && standing && t("registration.mappingsStay"),
  ].filter(Boolean);
}

function sameTags(one, other) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name) && other[name] === one[name]);
}

function tagWords(before, after) {
  if (!after) {
    return [];
  }
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name)).map((name) => t("registration.tagGone", { name }));
  const put = Object.entries(after).filter(([name, value]) => !Object.hasOwn(before, name) || before[name] !== value).map(([name, value]) =>
    t(Object.hasOwn(before, name) ? "registration.tagBecomes" : "registration.tagNew", { name, value }));
  return [...gone, ...put];
}
