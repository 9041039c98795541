package io.tallygate.deploy.imports;

/**
 * How missing subscriptions and meters are created.
 *
 * @param operatorToken of the operator, with the role Registration.ReadWrite
 * @param operatorSubscription the default provider subscription
 * @param registration the name or resource id of the registration of new subscriptions, or null for the only one
 * @param chargeable whether new meters are
 */
record DirectoryOptions(String operatorToken, String operatorSubscription, String registration, boolean chargeable) {
    @Override
    public String toString() {
        return "DirectoryOptions[" + operatorSubscription + ", " + registration + ", " + chargeable + "]";
    }
}
