// What htmx could not do becomes a sentence: the server's own when it sent one as plain text, else ours.

const words = () => document.getElementById("sentences").dataset;
const toast = (text) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "error" } }));
const LONGEST = 400;

function sentence(xhr) {
  const type = xhr.getResponseHeader("Content-Type") ?? "";
  const body = xhr.responseText.trim();
  if (type.startsWith("text/plain") && body && body.length <= LONGEST) return body;
  if (xhr.status === 401) return words().signedOut;
  if (xhr.status === 403) return words().forbidden;
  if (xhr.status === 404 || xhr.status === 410) return words().gone;
  return words().failed;
}

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  // The server may have told its toast itself.
  if (xhr.getResponseHeader("HX-Trigger")?.includes("toast")) return;
  toast(sentence(xhr));
});
document.addEventListener("htmx:sendError", () => toast(words().offline));
document.addEventListener("htmx:timeout", () => toast(words().timeout));
