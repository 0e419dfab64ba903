// News from the server over one connection for all pages, told on as events: document hears "news:job", "news:rating" ...
// "news:again" says that the connection was lost for a while, so something may have been missed.
import { io } from "../vendor/socket.io.esm.min.js"
import { tell } from "./send.js"

const NAMES = ["job", "rating", "play", "library", "evaluator", "notice"]

const socket = io({ path: "/socket.io", transports: ["websocket", "polling"] })
for (const name of NAMES) socket.on(name, facts => tell(name, facts))

let lost = false
socket.on("disconnect", () => { lost = true })
socket.on("connect", () => {
  if (lost) tell("again", {})
  lost = false
})
