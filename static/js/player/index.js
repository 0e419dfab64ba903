// The one player of this visit, connected to the page, the keys, the other tabs and the browser.
import * as clicks from "./clicks.js"
import * as marks from "./marks.js"
import { Player } from "./player.js"
import { resend } from "./plays.js"
import * as session from "./session.js"
import { KEY, read } from "./state.js"
import { Tabs } from "./tabs.js"

export const player = new Player({ tabs: new Tabs(() => player.silence()) })

clicks.connect(player)
marks.connect(player)
session.connect(player)
resend()

const on = (name, act) => document.addEventListener(name, event => act(event.detail ?? {}))
on("player:toggle", () => player.toggle())
on("player:seek", ({ by }) => player.seekBy(by))
on("player:next", () => player.next())
on("player:previous", () => player.song && player.previous())
on("news:rating", facts => player.rated(facts))
on("news:moved", facts => player.moved(facts))

document.addEventListener("turbo:load", () => player.tell()) // a new page has to be told what plays

addEventListener("pagehide", () => player.pageGoes())
addEventListener("storage", ({ key, newValue }) => {
  if (key === KEY && newValue) player.heardFrom(read(newValue))
})
