// Texts within the code that the portal shows to be copied.

/** For a POSIX shell, in quotes where it needs them. */
export const shellText = (text) => (/^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** For PowerShell, which takes curly quotes for straight ones. */
export const powershellText = (text) => `'${text.replace(/['\u2018-\u201b]/g, "$&$&")}'`;

/** A literal of Python and of JavaScript: a JSON text is one of both, if nothing outside of ASCII is left to their readers. */
export const literal = (text) => JSON.stringify(text).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
