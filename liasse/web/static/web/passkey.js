// A form with data-passkey asks the browser for a passkey before it is sent: "create" makes one, "get" uses one.
// Where the browser knows no passkeys, the form stays hidden and the other ways in remain.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (credentials) => (credentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function make(options) {
  const { publicKey } = options;
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: listed(publicKey.excludeCredentials),
    },
  });
  const { response } = made;
  return { ...common(made), response: { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject) } };
}

async function use(options) {
  const { publicKey } = options;
  const used = await navigator.credentials.get({
    publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: listed(publicKey.allowCredentials) },
  });
  const { response } = used;
  const answer = {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
  };
  if (response.userHandle) answer.userHandle = text(response.userHandle);
  return { ...common(used), response: answer };
}

const common = (credential) => ({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  clientExtensionResults: {},
});

async function asked(form) {
  const token = form.elements.csrfmiddlewaretoken.value;
  const response = await fetch(form.dataset.passkeyOptions, {
    method: "POST",
    headers: { "X-CSRFToken": token, "HX-Request": "true", "HX-Current-URL": location.href },
  });
  const elsewhere = response.headers.get("HX-Redirect");
  if (elsewhere) {
    location.assign(elsewhere);
    return null;
  }
  if (!response.ok) throw new Error(String(response.status));
  const options = await response.json();
  return form.dataset.passkey === "create" ? make(options) : use(options);
}

async function send(form) {
  const problem = form.querySelector("[data-passkey-problem]");
  problem.hidden = true;
  try {
    const credential = await asked(form);
    if (!credential) return;
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch {
    // The person closed the browser's window, or the device has none: the browser does not say which.
    problem.textContent = problem.dataset.passkeyProblem;
    problem.hidden = false;
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
}
