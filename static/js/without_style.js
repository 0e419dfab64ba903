// Turbo, as it loads, puts a <style> for its progress bar into the head. Our content policy refuses it and says so in the
// console of every page; so it is left out. Imported before Turbo; `restore` after it.
const { head } = document

head.insertBefore = (node, before) =>
  (node.nodeName === "STYLE" ? node : Node.prototype.insertBefore.call(head, node, before))

export function restore() {
  delete head.insertBefore
}
