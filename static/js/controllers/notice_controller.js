// Sentences for the person, at the edge of the page: read aloud, gone after a while, with Undo where there is a way back.
import { Controller } from "../../vendor/stimulus.js"
import { notify, post, tell } from "../send.js"

const STAY = 7000 // milliseconds; longer while the pointer or the keys are on it
const MOST = 3

export default class extends Controller {
  hear({ detail }) { this.add(detail.words ?? "", {}) }
  show({ detail }) { this.add(detail.words, detail) }

  add(words, { undo = "", trouble = false }) {
    const box = document.createElement("div")
    box.className = trouble ? "notice is-trouble" : "notice"
    const text = document.createElement("p")
    text.textContent = words
    text.dir = "auto"
    box.append(text)
    if (undo) {
      // Only the last change can be undone from here; older ones leave.
      this.element.querySelectorAll(".notice:has(.notice-undo)").forEach(old => old.remove())
      box.append(button("Undo", "notice-undo", () => this.undo(box, undo)))
    }
    box.append(button("×", "notice-close", () => box.remove(), "Close"))
    this.element.append(box)
    while (this.element.children.length > MOST) this.element.firstElementChild.remove()
    this.leaveLater(box, trouble ? 2 * STAY : STAY)
  }

  leaveLater(box, stay) {
    const ask = () => (box.matches(":hover, :focus-within") ? setTimeout(ask, 1500) : box.remove())
    setTimeout(ask, stay)
  }

  // By a key: what the last note offers, else what the page says.
  takeBack({ detail }) {
    const offered = this.element.querySelector(".notice-undo")
    if (offered) offered.click()
    else this.undo(null, detail.url)
  }

  async undo(box, url) {
    box?.remove()
    try {
      const said = await post(url)
      if (said.id === null) {
        tell("rating", { id: null })
        return notify(`${said.changed.toLocaleString("en")} items: as before`)
      }
      if (said.words) { tell("again"); return notify(said.words, { trouble: said.left?.length > 0 }) }
      tell("rating", { module: url.split("/").at(-2), id: said.id, rating: said.rating })
      notify(said.rating === null ? `${said.title}: not rated, as before` : `${said.title}: ${said.rating} again, as before`)
    } catch (error) {
      notify(error.message, { trouble: true })
    }
  }
}

function button(words, kind, act, label = words) {
  const made = document.createElement("button")
  Object.assign(made, { type: "button", className: kind, textContent: words, onclick: act })
  made.setAttribute("aria-label", label)
  return made
}
