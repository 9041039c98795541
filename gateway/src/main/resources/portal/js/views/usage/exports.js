// Export: the whole period as a file, from the same address as the page; with filters, what fits of it.
import { call } from "../../api.js";
import { h } from "../../dom.js";
import { saveAs } from "../../download.js";
import { formatCount } from "../../format.js";
import { wireDay, wireTime } from "../../hours.js";
import { parseExact } from "../../json.js";
import { shellText } from "../../quote.js";
import { t } from "../../texts.js";
import { dialog } from "../../ui/dialog.js";
import { button, copy, linkButton } from "../../ui/page.js";
import { problem } from "../../ui/states.js";
import { requestAddress } from "./requests.js";
import { fitting, readRow } from "./rows.js";

const FORMATS = [["csv", "CSV"], ["ndjson", "NDJSON"]];

/** Opens the choice of files. */
export function openExport({ asked, filters, period, end }) {
  const filtered = Object.keys(filters).length > 0;
  const going = new AbortController();
  const part = (request) => h("section", { class: "export-part" }, asked.length > 1 && h("h3", {}, request.name),
    h("div", { class: "actions" }, filtered
      ? FORMATS.map(([format, name]) => saveButton(request, format, name, filters, going.signal))
      : FORMATS.map(([format, name]) => linkButton(t("usage.download", { format: name }), requestAddress(request, format), { iconName: "download", download: true }))));
  const command = asked.map((request) => exportCommand(request, { ...period, end })).join("\n");
  dialog(t("usage.export"), [
    h("p", {}, t(filtered ? "usage.exportFiltered" : "usage.exportText")),
    asked.map(part),
    // The command line reads one subscription, or as the operator.
    !asked[0].provider && h("section", { class: "export-part" },
      h("h3", {}, t("usage.parquet")),
      h("p", { class: "muted" }, t(filtered ? "usage.parquetAll" : "usage.parquetText")),
      h("pre", { tabindex: "0", "aria-label": t("copyas.code"), class: "code" }, command),
      h("div", { class: "actions" }, button(t("copyas.copy"), () => copy(command), { iconName: "copy" }))),
  ], { onClose: () => going.abort(), wide: true });
}

function exportCommand({ subscription, parameters }, { start, end, granularity }) {
  const time = (at) => (granularity === "hourly" ? wireTime(at) : wireDay(at));
  const name = `usage-${subscription ?? "everyone"}-${granularity}-${time(start)}-${time(end)}.parquet`.replaceAll(":", "");
  return ["tallygate export", `--url ${shellText(location.origin)}`, whose(subscription, parameters), `--granularity ${granularity}`,
    `--from ${time(start)}`, `--to ${time(end)}`, `-o ${name}`].join(" ");
}

// By the same route as the page, so that the rows are the same.
const whose = (subscription, { subscriberId }) => (subscriberId ? `--subscriber ${subscriberId}` : subscription ? `--subscription ${subscription}` : "--everyone");

// The gateway's files hold the whole period: what fits is picked here while the stream arrives.
function saveButton(request, format, name, filters, signal) {
  const told = h("span", { class: "muted", role: "status" });
  const go = button(t("usage.download", { format: name }), save, { iconName: "download" });
  return h("div", { class: "export-file" }, go, told);

  async function save() {
    go.disabled = true;
    told.className = "muted";
    try {
      const fits = fitting(filters);
      const pick = format === "csv" ? csvPicker(fits) : ndjsonPicker(fits);
      const kept = [];
      let seen = 0;
      let chosen = 0;
      const response = await call(requestAddress(request, format), { signal });
      const fileName = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? `usage.${format}`;
      for await (const record of records(response.body, format === "csv")) {
        const is = pick(record, seen++);
        is && kept.push(record, format === "csv" ? "\r\n" : "\n");
        chosen += is && !(format === "csv" && seen === 1) ? 1 : 0;
        if (seen % 5000 === 0) {
          told.textContent = t("usage.reading", { n: formatCount(seen) });
        }
      }
      saveAs(new Blob(kept, { type: format === "csv" ? "text/csv" : "application/x-ndjson" }), fileName.replace(/(\.\w+)$/, "-filtered$1"));
      told.textContent = t("usage.saved", { n: chosen, count: formatCount(chosen) });
    } catch (failure) {
      signal.aborted || told.replaceChildren(problem(failure));
    } finally {
      go.disabled = false;
    }
  }
}

const ndjsonPicker = (fits) => (line) => fits(readRow(JSON.parse(line)));

function csvPicker(fits) {
  let at;
  return (record, index) => {
    const cells = cellsOf(record);
    if (index === 0) {
      at = Object.fromEntries(["UsageStartTime", "MeterId", "resourceUri", "location", "tags"].map((name) => [name, cells.indexOf(name)]));
      return true;
    }
    const tags = cells[at.tags];
    return fits({ start: cells[at.UsageStartTime], meterId: cells[at.MeterId], uri: cells[at.resourceUri], location: cells[at.location], tags: tags ? parseExact(tags) : {} });
  };
}

// A cell that a spreadsheet would run as a formula has an apostrophe before it.
function cellsOf(record) {
  return [...record.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => (quoted ?? plain).replaceAll('""', '"').replace(/^'/, ""));
}

// Records of a stream; a line's end within quotes belongs to a cell of CSV.
async function* records(body, quotes) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let open = false;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    const lines = value.split("\n");
    for (const [index, line] of lines.entries()) {
      rest += line;
      open = quotes && open !== (line.split('"').length % 2 === 0);
      if (index === lines.length - 1) {
        break;
      }
      if (open) {
        rest += "\n";
      } else {
        yield rest.replace(/\r$/, "");
        rest = "";
      }
    }
  }
  if (rest) {
    yield rest;
  }
}
