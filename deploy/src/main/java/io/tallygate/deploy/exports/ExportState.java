package io.tallygate.deploy.exports;

/**
 * How far an export has come: to a position, or to its end.
 *
 * @param request the export that it is of
 * @param announced how many rows there are altogether
 * @param header of CSV, else null
 * @param token the position, or null at the beginning
 * @param rows written by then, without the header
 * @param bytes written by then
 * @param sha256 of them, hexadecimal
 * @param completeThrough all that sources had reported before then is among the rows, or was reported here before; null
 *     if the gateway did not say
 * @param complete whether all rows are there and verified
 */
record ExportState(
        String request,
        long announced,
        String header,
        String token,
        long rows,
        long bytes,
        String sha256,
        String completeThrough,
        boolean complete) {
    /** Nothing has come yet. */
    static ExportState none(String request) {
        return new ExportState(request, -1, null, null, 0, 0, RunningSha256.OF_NOTHING, null, false);
    }

    /** The same with what was written by now. */
    ExportState at(DigestingOutput written) {
        return new ExportState(
                request, announced, header, token, rows, written.bytes(), written.sha256(), completeThrough, complete);
    }
}
