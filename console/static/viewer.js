// Photos of materials close up: zoom, turn, move, next page. Without it each photo is a plain link.
(() => {
  "use strict";
  const dialog = document.getElementById("viewer");
  const links = [...document.querySelectorAll("[data-photo]")];
  if (!dialog || links.length === 0) return;

  const picture = dialog.querySelector("img");
  const title = dialog.querySelector("[data-title]");
  const CLOSEST = 8;
  const STEP = 1.25;
  const PUSH = 60;
  let page = 0;
  let zoom = 1;
  let turn = 0;
  let x = 0;
  let y = 0;

  function draw() {
    // Turned by a quarter, the longer side must fit the other side of the window.
    const sideways = turn % 180 !== 0;
    const { clientWidth: width, clientHeight: height } = picture;
    const room = picture.parentElement;
    const fit = sideways && width && height ? Math.min(1, room.clientWidth / height, room.clientHeight / width) : 1;
    picture.style.transform = `translate(${x}px, ${y}px) rotate(${turn}deg) scale(${zoom * fit})`;
    dialog.classList.toggle("close-up", zoom > 1);
  }

  function show(number) {
    page = (number + links.length) % links.length;
    [zoom, turn, x, y] = [1, 0, 0, 0];
    picture.src = links[page].href;
    picture.alt = links[page].dataset.photo;
    title.textContent = `${links[page].dataset.photo}（共 ${links.length} 页）`;
    draw();
  }

  function closer(factor) {
    zoom = Math.min(CLOSEST, Math.max(1, zoom * factor));
    if (zoom === 1) [x, y] = [0, 0];
    draw();
  }

  function push(right, down) {
    x += right;
    y += down;
    draw();
  }

  function sideways(step) {
    if (zoom > 1) push(-step * PUSH, 0);
    else show(page + step);
  }

  const steps = {
    in: () => closer(STEP),
    out: () => closer(1 / STEP),
    turn: () => {
      turn = (turn + 90) % 360;
      draw();
    },
    before: () => show(page - 1),
    after: () => show(page + 1),
    close: () => dialog.close(),
  };
  const keys = {
    "+": steps.in,
    "=": steps.in,
    "-": steps.out,
    r: steps.turn,
    ArrowLeft: () => sideways(-1),
    ArrowRight: () => sideways(1),
    ArrowUp: () => zoom > 1 && push(0, PUSH),
    ArrowDown: () => zoom > 1 && push(0, -PUSH),
  };

  for (const [number, link] of links.entries()) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      dialog.showModal();
      show(number);
    });
  }
  for (const button of dialog.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => steps[button.dataset.step]());
  }
  dialog.addEventListener("keydown", (event) => {
    const step = event.ctrlKey || event.metaKey || event.altKey ? null : keys[event.key];
    if (!step) return;
    event.preventDefault();
    step();
  });
  dialog.addEventListener("close", () => {
    picture.removeAttribute("src");
    links[page].focus();
  });
  picture.addEventListener("load", draw);
  picture.addEventListener("dblclick", () => closer(zoom > 1 ? 1 / CLOSEST : STEP * STEP));
  picture.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
  });
  picture.addEventListener("pointermove", (event) => {
    if (picture.hasPointerCapture(event.pointerId) && zoom > 1) push(event.movementX, event.movementY);
  });
  picture.parentElement.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      closer(event.deltaY < 0 ? STEP : 1 / STEP);
    },
    { passive: false },
  );
})();
