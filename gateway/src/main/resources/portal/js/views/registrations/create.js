// A new registration.
import { address, send } from "../../api.js";
import { link } from "../../router.js";
import { t } from "../../texts.js";
import { confirm } from "../../ui/dialog.js";
import { checkField, selectField, textField, UUID } from "../../ui/form.js";
import { toast } from "../../ui/toast.js";
import { allRegistrations, BILLING_MODELS, VERSION } from "../registration/data.js";

// As the gateway takes a name in a path.
const NAME = /^[\p{L}\p{N}_.()-]{1,90}$/u;
const LONGEST_TEXT = 256;
const LONGEST_TOKEN = 16_384;

/** Asks for what makes a registration, makes it, and leads to it. */
export function createRegistration(signal) {
  confirm(t("registrations.create"), t("registrations.createText"), {
    action: t("registrations.make"),
    fields: [
      textField("subscription", t("registrations.base"), { required: true, pattern: UUID, expected: t("registrations.uuid"), hint: t("registrations.baseHint") }),
      textField("resourceGroup", t("registrations.group"), { required: true, value: "azurestack", pattern: NAME, expected: t("registrations.nameExpected") }),
      textField("name", t("registrations.newName"), { required: true, pattern: NAME, expected: t("registrations.nameExpected") }),
      textField("location", t("registrations.location"), { value: "global", maxlength: LONGEST_TEXT }),
      selectField("billingModel", t("registrations.billingModel"), BILLING_MODELS.map((model) => [model, model]), { hint: t("registration.modelHint") }),
      checkField("multiTenant", t("registrations.mayMap"), { value: true }),
      textField("registrationToken", t("registrations.token"), { type: "password", maxlength: LONGEST_TOKEN, hint: t("registrations.tokenHint") }),
    ],
    act: async (values) => {
      const made = await create(values, signal);
      toast(t("registrations.made", { name: made.name }), "good");
      location.hash = link("registration", { id: made.id });
    },
  });
}

async function create({ subscription, resourceGroup, name, location: place, billingModel, multiTenant, registrationToken }, signal) {
  const path = `/subscriptions/${subscription.toLowerCase()}/resourceGroups/${encodeURIComponent(resourceGroup)}/providers/Microsoft.AzureStack/registrations/${encodeURIComponent(name)}`;
  // PUT would change one that is there already, which is not what somebody means who asks for a new one.
  const same = decodeURIComponent(path).toLowerCase();
  if ((await allRegistrations(signal)).some((each) => each.id.toLowerCase() === same)) {
    throw new Error(t("registrations.exists", { name }));
  }
  return send("PUT", address(path, VERSION), {
    ...(place ? { location: place } : {}),
    properties: { billingModel, multiTenant, ...(registrationToken ? { registrationToken } : {}) },
  });
}
