// Commands to the server: post(url, fields) answers the JSON, or throws an Error with the server's own sentence.

export async function post(url, fields = {}) {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields)
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? ""
  let answer
  try {
    answer = await fetch(url, {
      method: "POST", body, credentials: "same-origin",
      headers: { "X-CSRFToken": token, Accept: "application/json" },
    })
  } catch {
    throw new Error("The server does not answer. Is Anagnorisis still running?")
  }
  const said = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Error(said.error ?? `This did not work (${answer.status}).`)
  return said
}

// A sentence for the person, at the edge of the page; undo is a URL to POST to.
export function notify(words, { undo = "", trouble = false } = {}) {
  document.dispatchEvent(new CustomEvent("notice:show", { detail: { words, undo, trouble } }))
}

// News of our own doing, told to this page at once; the server tells the other pages.
export function tell(name, facts) {
  document.dispatchEvent(new CustomEvent(`news:${name}`, { detail: facts }))
}
