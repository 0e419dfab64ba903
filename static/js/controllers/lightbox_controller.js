// Pictures of a grid, large, one after the other (PhotoSwipe), with the rating of the one that is seen.
// <ul data-controller="lightbox" data-action="click->lightbox#open ..."> around links with data-picture='{facts}'.
import { Controller } from "../../vendor/stimulus.js"

const EACH = 5000 // milliseconds that the slide show rests on a picture
const OPTIONS = {
  // it fades by CSS: PhotoSwipe hears no key before its own animation has ended
  showHideAnimationType: "none", bgOpacity: 1, wheelToZoom: true, loop: true, padding: { top: 56, bottom: 92, left: 8, right: 8 },
  closeTitle: "Close (Esc)", zoomTitle: "Zoom", arrowPrevTitle: "Previous", arrowNextTitle: "Next",
  errorMsg: "This picture can't be shown.",
}

export default class extends Controller {
  disconnect() { this.box?.destroy() }

  async open(event) {
    const link = event.target.closest("[data-picture]")
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    const links = [...this.element.querySelectorAll("[data-picture]")]
    this.facts = links.map(({ dataset }) => JSON.parse(dataset.picture))
    const { default: PhotoSwipe } = await import("../../vendor/photoswipe.esm.min.js")
    const box = new PhotoSwipe({
      ...OPTIONS, index: links.indexOf(link),
      dataSource: this.facts.map(({ large, width, height, title }) => ({ src: large, width, height, alt: title })),
    })
    box.on("uiRegister", () => box.ui.registerElement({ name: "bar", appendTo: "root", onInit: root => this.fill(root) }))
    box.on("change", () => this.show())
    box.on("destroy", () => this.closed(links))
    this.box = box
    box.init()
    box.element?.setAttribute("data-turbo-permanent", "") // a refresh that is on its way must not take it away
    requestAnimationFrame(() => this.show())
  }

  fill(root) {
    const bar = document.getElementById("lightbox-bar").content.firstElementChild.cloneNode(true)
    bar.addEventListener("keydown", event => { if (event.key === "Escape") this.box.close() }, { capture: true })
    bar.querySelector("[data-lightbox-show]").addEventListener("click", () => this.toggle())
    root.append(bar)
    this.bar = bar
  }

  // The bar speaks of the picture that is seen.
  show() {
    const facts = this.facts[this.box?.currIndex]
    if (!facts || !this.bar) return
    const name = this.bar.querySelector("[data-lightbox-name]")
    name.textContent = facts.title
    name.href = facts.page
    this.bar.querySelector("[data-lightbox-by]").textContent = facts.by
    this.bar.querySelector("form.rating").dispatchEvent(new CustomEvent("rating:show", { detail: facts }))
  }

  hear({ detail }) {
    const facts = this.facts?.find(({ id, module }) => id === detail.id && module === detail.module)
    if (facts) facts.rating = detail.rating
    const link = [...this.element.querySelectorAll("[data-picture]")]
      .find(({ dataset }) => JSON.parse(dataset.picture).id === detail.id)
    if (facts && link) link.dataset.picture = JSON.stringify(facts)
  }

  move({ detail: { module, moves } }) {
    const links = [...this.element.querySelectorAll("[data-picture]")]
    for (const [link, facts] of [...(this.facts ?? []).map(facts => [null, facts]), ...links.map(link => [link, JSON.parse(link.dataset.picture)])]) {
      if (facts.module !== module || !moves[facts.id]) continue
      [facts.prediction, facts.spread] = moves[facts.id]
      if (link) link.dataset.picture = JSON.stringify(facts)
    }
  }

  toggle() {
    const button = this.bar.querySelector("[data-lightbox-show]")
    const runs = button.getAttribute("aria-pressed") === "true"
    button.setAttribute("aria-pressed", String(!runs))
    clearInterval(this.timer)
    if (!runs) this.timer = setInterval(() => this.box?.next(), EACH)
  }

  closed(links) {
    clearInterval(this.timer)
    const last = links[this.box?.currIndex]
    Object.assign(this, { box: null, bar: null })
    last?.closest("li")?.querySelector("h3 a")?.focus()
  }
}
