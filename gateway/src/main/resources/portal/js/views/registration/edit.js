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
  const model = selectField("billingModel", t("registration.billingModel"), BILLING_MODELS.map((each) => [each, each]), { value: properties.billingModel, hint: t("registration.modelHint") });
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
      flow.show(t("registration.editReview"), h("p", { class: "notice" }, t("registration.editNothing")), button(t("mapping.back"), ask));
      return;
    }
    const refused = changes.billingModel && changes.billingModel !== "PayAsYouUse" && standing(mappings);
    flow.show(t("registration.editReview"), [
      h("ul", { class: "says" }, says.map((each) => h("li", {}, each))),
      (refused ? [t("registration.endFirst")] : warnings(changes, mappings)).map((each) => h("p", { class: "notice warn" }, each)),
    ], button(t("mapping.back"), ask), refused ? [] : stepButton(t("mapping.apply"), () => apply(changes), "primary"));
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

// The gateway refuses a model that delivers nothing while there are any.
const standing = (mappings) => mappings.some((each) => ["inForce", "scheduled"].includes(each.properties.state));

function warnings({ billingModel, multiTenant }, mappings) {
  return [
    billingModel && (billingModel === "PayAsYouUse" ? t("registration.willBill") : t("registration.willNotBill")),
    multiTenant === false && standing(mappings) && t("registration.mappingsStay"),
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
    t(Object.hasOwn(before, name) ? "registration.tagBecomes" : "registration.tagNew", { name, value, from: before[name] }));
  return [...gone, ...put];
}
