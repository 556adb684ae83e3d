// The receipt as a picture to keep, and its link to copy.

import { say } from "wardwise/page";

const WIDTH = 720;
const MARGIN = 48;
const keep = document.getElementById("keep-picture");
const copy = document.getElementById("copy-link");
const code = document.getElementById("receipt-code").textContent.trim();
const link = document.getElementById("track-url").href;

keep.hidden = false;
keep.addEventListener("click", async () => {
  const canvas = await picture();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const anchor = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `wardwise-${code}.png` });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
});

if (navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(link);
    copy.querySelector("span").textContent = say("copied");
  });
}

async function picture() {
  const lines = [...document.querySelectorAll("[data-line]")].map((line) => line.textContent.trim().replace(/\s+/g, " "));
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  context.font = "28px system-ui, sans-serif";
  const wrapped = lines.flatMap((line) => [...wrap(context, line, WIDTH - 2 * MARGIN), ""]);
  canvas.width = WIDTH;
  canvas.height = 560 + wrapped.length * 36;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#17201d";
  context.textAlign = "center";
  context.font = "600 30px system-ui, sans-serif";
  context.fillText(`Wardwise · ${say("code")}`, WIDTH / 2, 64);
  context.font = "700 68px ui-monospace, monospace";
  context.fillText(code, WIDTH / 2, 144);
  context.drawImage(await qr(), WIDTH / 2 - 150, 172, 300, 300);
  context.font = "22px system-ui, sans-serif";
  context.fillText(link, WIDTH / 2, 508);
  context.textAlign = "left";
  context.font = "28px system-ui, sans-serif";
  wrapped.forEach((line, index) => context.fillText(line, MARGIN, 572 + index * 36));
  return canvas;
}

function wrap(context, text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

async function qr() {
  const svg = document.querySelector(".qr svg").cloneNode(true);
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("width", 300);
  svg.setAttribute("height", 300);
  const image = new Image(300, 300);
  image.src = `data:image/svg+xml,${encodeURIComponent(svg.outerHTML)}`;
  await image.decode();
  return image;
}
