// The beginning of every page: page changes without reload (Turbo), behaviours (Stimulus), news from the server.
import { restore } from "./without_style.js"
import * as Turbo from "../vendor/turbo.es2017-esm.js"
import { Application } from "../vendor/stimulus.js"
import "./moving.js"
import "./news.js"
import Asking from "./controllers/asking_controller.js"
import Chart from "./controllers/chart_controller.js"
import Cover from "./controllers/cover_controller.js"
import Endless from "./controllers/endless_controller.js"
import Job from "./controllers/job_controller.js"
import Jobs from "./controllers/jobs_controller.js"
import Keys from "./controllers/keys_controller.js"
import Learning from "./controllers/learning_controller.js"
import Lightbox from "./controllers/lightbox_controller.js"
import Notice from "./controllers/notice_controller.js"
import Player from "./controllers/player_controller.js"
import Queue from "./controllers/queue_controller.js"
import Radio from "./controllers/radio_controller.js"
import Rating from "./controllers/rating_controller.js"
import Reader from "./controllers/reader_controller.js"
import Refresh from "./controllers/refresh_controller.js"
import Search from "./controllers/search_controller.js"
import Selection from "./controllers/selection_controller.js"
import Strip from "./controllers/strip_controller.js"
import Talk from "./controllers/talk_controller.js"
import TasteMap from "./controllers/taste_map_controller.js"
import Tidy from "./controllers/tidy_controller.js"
import Told from "./controllers/told_controller.js"
import Values from "./controllers/values_controller.js"
import Video from "./controllers/video_controller.js"

// Our own progress bar is in frame.css.
restore()
Turbo.config.drive.progressBarDelay = 1e9
document.addEventListener("turbo:visit", () => document.documentElement.setAttribute("data-loading", ""))
document.addEventListener("turbo:load", () => document.documentElement.removeAttribute("data-loading"))

// What a refresh of the page must leave as the person and the scripts have it.
const OURS = ["type", "name", "value", "style", "title", "hidden", "data-state", "aria-label", "aria-valuetext"]
document.addEventListener("turbo:before-morph-attribute", event => {
  const { target, detail: { attributeName } } = event
  const kept = (target.matches("details, dialog") && attributeName === "open")
    || (target.closest(".rating") && OURS.includes(attributeName))
    || (target.matches(".selection") && attributeName === "data-count") || (target.matches(".browse-main, .endless") && attributeName === "class")
    || (target === document.activeElement && attributeName === "value")
  if (kept) event.preventDefault()
})

// A page change forgets where the keys were; the element of that name has them again.
let focused = ""
document.addEventListener("turbo:before-render", () => { focused = document.activeElement?.id ?? "" })
document.addEventListener("turbo:render", () => {
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true })
})

const application = Application.start()
for (const [name, behaviour] of Object.entries({
  asking: Asking,
  chart: Chart,
  cover: Cover,
  endless: Endless,
  job: Job,
  jobs: Jobs,
  keys: Keys,
  learning: Learning,
  lightbox: Lightbox,
  notice: Notice,
  player: Player,
  queue: Queue,
  radio: Radio,
  rating: Rating,
  reader: Reader,
  refresh: Refresh,
  search: Search,
  selection: Selection,
  strip: Strip,
  talk: Talk,
  "taste-map": TasteMap,
  tidy: Tidy,
  told: Told,
  values: Values,
  video: Video,
})) application.register(name, behaviour)
