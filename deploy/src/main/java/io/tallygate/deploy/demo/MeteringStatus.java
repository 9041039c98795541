package io.tallygate.deploy.demo;

/** What became of a usage event, in the words of the marketplace's metering service. */
enum MeteringStatus {
    Accepted,
    Expired,
    Duplicate,
    Error,
    ResourceNotFound,
    ResourceNotAuthorized,
    InvalidDimension,
    InvalidQuantity,
    BadArgument
}
