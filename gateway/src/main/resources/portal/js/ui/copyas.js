// The request that is on the screen, as lines to paste into a shell or a program.
import { h } from "../dom.js";
import { literal, powershellText, shellText } from "../quote.js";
import { t } from "../texts.js";
import { dialog, dialogActions } from "./dialog.js";
import { selectField } from "./form.js";
import { button, copy } from "./page.js";

const LANGUAGES = [["curl", "curl"], ["powershell", "PowerShell"], ["python", "Python"], ["javascript", "JavaScript"]];

// Programs that read JSON make floating point numbers of its numbers, if they are not told otherwise.
const rounded = (csv) => `Quantities are rounded here to some 15 digits${csv ? ": for exact ones ask for CSV" : ""}.`;

/**
 * A GET request in a language. The credential is taken from the environment: nothing secret is in what is copied.
 *
 * @param language curl, powershell, python or javascript
 * @param url the whole address
 * @param options `credential`: token or apiKey; `pages`: the answer has pages that lead on by `nextLink`; `file`: the name of a file to write, for streams
 */
function code(language, url, { credential = "token", pages = false, file }) {
  const key = credential === "apiKey";
  return { curl, powershell: pwsh, python, javascript }[language]({ url, pages, file, name: key ? "TALLYGATE_KEY" : "TALLYGATE_TOKEN", header: key ? "x-api-key" : "Authorization", prefix: key ? "" : "Bearer " });
}

function curl({ url, pages, file, name, header, prefix }) {
  return [
    `# export ${name}=…`,
    `curl --fail-with-body --compressed -H "${header}: ${prefix}$${name}" \\`,
    file ? `  -o ${shellText(file)} \\` : null,
    `  ${shellText(url)}`,
    pages ? "# the next page: the address in the answer's nextLink" : null,
  ].filter(Boolean).join("\n");
}

function pwsh({ url, pages, file, name, header, prefix }) {
  const begin = [`# $env:${name} = '…'`, `$headers = @{ '${header}' = "${prefix}$($env:${name})" }`];
  if (file) {
    return [...begin, `Invoke-WebRequest -Uri ${powershellText(url)} -Headers $headers -OutFile ${powershellText(file)}`].join("\n");
  }
  begin.push(`# ${rounded(pages)}`);
  if (!pages) {
    return [...begin, `Invoke-RestMethod -Uri ${powershellText(url)} -Headers $headers`].join("\n");
  }
  return [...begin, `$uri = ${powershellText(url)}`, "$rows = while ($uri) {", "  $page = Invoke-RestMethod -Uri $uri -Headers $headers", "  $page.value", "  $uri = $page.nextLink", "}", "$rows.Count"].join("\n");
}

function python({ url, pages, file, name, header, prefix }) {
  const begin = [file ? "import os, requests" : "import decimal, os, requests", "", "session = requests.Session()", `session.headers["${header}"] = ${prefix ? `"${prefix}" + ` : ""}os.environ["${name}"]`, `url = ${literal(url)}`];
  if (file) {
    return [...begin, "with session.get(url, stream=True) as answer:", "    answer.raise_for_status()", `    with open(${literal(file)}, "wb") as file:`, "        for part in answer.iter_content(1 << 16):", "            file.write(part)"].join("\n");
  }
  if (!pages) {
    return [...begin, "answer = session.get(url)", "answer.raise_for_status()", "print(answer.json(parse_float=decimal.Decimal))"].join("\n");
  }
  return [...begin, "rows = []", "while url:", "    answer = session.get(url)", "    answer.raise_for_status()", "    page = answer.json(parse_float=decimal.Decimal)", '    rows += page["value"]', '    url = page.get("nextLink")', "print(len(rows))"].join("\n");
}

function javascript({ url, pages, file, name, header, prefix }) {
  const value = prefix ? `\`${prefix}\${process.env.${name}}\`` : `process.env.${name}`;
  const headers = `const headers = { "${header}": ${value} };`;
  const check = "if (!answer.ok) throw new Error(await answer.text());";
  if (file) {
    return ['import { createWriteStream } from "node:fs";', 'import { pipeline } from "node:stream/promises";', "", headers, `const answer = await fetch(${literal(url)}, { headers });`, check, `await pipeline(answer.body, createWriteStream(${literal(file)}));`].join("\n");
  }
  if (!pages) {
    return [headers, `// ${rounded(pages)}`, `const answer = await fetch(${literal(url)}, { headers });`, check, "console.log(await answer.json());"].join("\n");
  }
  return [headers, `// ${rounded(pages)}`, "const rows = [];", `for (let url = ${literal(url)}; url; ) {`, "  const answer = await fetch(url, { headers });", `  ${check}`, "  const page = await answer.json();", "  rows.push(...page.value);", "  url = page.nextLink;", "}", "console.log(rows.length);"].join("\n");
}

/**
 * A button that opens the request on the screen as code.
 *
 * @param requests gives `{name, path, formats?}` when it is opened: `path` with its query; `formats` whether the route also answers CSV and NDJSON
 * @param note what else has to be said of it
 */
export const copyAsButton = (requests, note) => button(t("copyas.button"), () => open(requests(), note), { iconName: "copy" });

function open(requests, note) {
  const formats = requests.some((request) => request.formats);
  const which = requests.length > 1 && selectField("request", t("copyas.request"), requests.map((request, index) => [String(index), request.name]));
  const language = selectField("language", t("copyas.language"), LANGUAGES);
  const credential = selectField("credential", t("copyas.credential"), [["token", t("copyas.token")], ["apiKey", t("copyas.apiKey")]]);
  const format = formats && selectField("format", t("copyas.format"), [["json", t("copyas.json")], ["csv", "CSV"], ["ndjson", "NDJSON"]]);
  const fields = [which, language, credential, format].filter(Boolean);
  const out = h("pre", { tabindex: "0", "aria-label": t("copyas.code"), class: "code" });

  function draw() {
    const { path } = requests[Number(which ? which.value() : 0)];
    const stream = format && format.value() !== "json" ? format.value() : null;
    const url = location.origin + path + (stream ? `&$format=${stream}` : "");
    out.textContent = code(language.value(), url, { credential: credential.value(), pages: formats && !stream, file: stream && `usage.${stream}` });
  }
  fields.forEach((field) => field.input.addEventListener("change", draw));
  draw();
  dialog(t("copyas.title"), [
    h("p", { class: "muted" }, t("copyas.text")),
    note && h("p", { class: "notice" }, note),
    h("div", { class: "filters" }, fields.map((field) => field.element)),
    out,
    dialogActions(button(t("copyas.copy"), () => copy(out.textContent), { kind: "primary", iconName: "copy" })),
  ], { wide: true });
}
