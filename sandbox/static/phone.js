"use strict";

// Everything shown came from a program under test: it is only ever set as text, never as markup.
const person = document.body.dataset.person;
const by = (id) => document.getElementById(id);
const CHANNELS = { wechat_subscribe: "微信服务通知", sms: "短信", alipay: "支付宝消息", alipay_template: "支付宝消息" };
const PAY = { wechat: "用微信支付付款", alipay: "用支付宝付款" };
const FAILED = "没有成功，请稍后再试。";
let shown = "";
let seen = null;

function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

const clock = (moment) =>
  new Date(moment).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });

function showChat(lines) {
  const list = by("lines");
  list.replaceChildren(
    ...lines.map((line) => {
      const item = make("li", line.who);
      item.append(make("p", "", line.text));
      return item;
    }),
  );
  list.scrollTop = list.scrollHeight;
}

function orderCard(order) {
  const item = make("li");
  const button = make("button", `pay ${order.channel}`, PAY[order.channel] || "付款");
  button.type = "button";
  button.addEventListener("click", async () => {
    button.disabled = true;
    by("paid").textContent = "正在付款…";
    try {
      const told = await post(order.path, order.body);
      const word = String(told.err_msg || told.errMsg || told.resultCode || "");
      by("paid").textContent = word.endsWith(":ok") || word === "9000" ? "付款成功。" : `没有付成：${word}`;
    } catch {
      by("paid").textContent = FAILED;
    }
    await refresh();
    button.disabled = false;
  });
  item.append(
    make("h2", "", order.title),
    make("p", "sum", `¥${(order.amount_fen / 100).toFixed(2)}`),
    make("p", "number", `订单号 ${order.out_trade_no}`),
    button,
  );
  return item;
}

// A message's page is one of the client's own; it is opened as the person whose phone this is.
function pageLink(page) {
  const link = make("a", "page", "打开查看");
  const persona = `persona=${encodeURIComponent(person)}`;
  link.href = `${document.body.dataset.app}${page.replace(/^\/+/, "")}${page.includes("?") ? "&" : "?"}${persona}`;
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

function messageCard(message) {
  const item = make("li");
  const from = make("div", "from");
  from.append(make("span", "", CHANNELS[message.channel] || message.channel), make("time", "", clock(message.at)));
  item.append(from, make("p", "text", message.text));
  if (message.page) item.append(pageLink(message.page));
  return item;
}

function promptLine(prompt) {
  const item = make("li");
  const button = make("button", "", "允许一次");
  button.type = "button";
  button.addEventListener("click", async () => {
    await post(`/_sim/people/${encodeURIComponent(person)}/wechat/subscribe`, {
      template_id: prompt.template_id,
      result: "accept",
    });
    await refresh();
  });
  item.append(make("span", "", `${prompt.title}（还可收 ${prompt.left} 条）`), button);
  return item;
}

const orNone = (nodes, sentence) => (nodes.length ? nodes : [make("li", "none", sentence)]);

function badge(id, count) {
  by(id).hidden = count < 1;
  by(id).textContent = count;
}

function show(state) {
  by("now").textContent = clock(state.now);
  if (seen === null || !by("messages").hidden) seen = state.messages.length;
  badge("due", state.orders.length);
  badge("unread", state.messages.length - seen);
  const { now, ...rest } = state;
  const fresh = JSON.stringify(rest);
  if (fresh === shown) return;
  shown = fresh;
  showChat(state.chat);
  by("orders").replaceChildren(...orNone(state.orders.map(orderCard), "没有待付款的订单。"));
  by("inbox").replaceChildren(...orNone(state.messages.map(messageCard).reverse(), "还没有收到消息。"));
  by("prompts").replaceChildren(...state.prompts.map(promptLine));
}

async function refresh() {
  const answer = await fetch(`/phone/state?person=${encodeURIComponent(person)}`);
  if (answer.ok) show(await answer.json());
}

by("say").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = by("words").value.trim();
  if (!words) return;
  by("words").value = "";
  const answered = post(`/_sim/people/${encodeURIComponent(person)}/wechat/text`, { text: words });
  setTimeout(() => refresh().catch(() => {}), 100);
  await answered.catch(() => {
    by("words").value = words;
  });
  await refresh();
});

// The tab is in the address (#cashier), so that a page can be linked and reloaded where it was.
function turn() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const chosen = tabs.find((tab) => `#${tab.getAttribute("aria-controls")}` === location.hash) || tabs[0];
  for (const tab of tabs) {
    tab.setAttribute("aria-selected", String(tab === chosen));
    by(tab.getAttribute("aria-controls")).hidden = tab !== chosen;
  }
  by("title").textContent = chosen.dataset.title;
  by("paid").textContent = "";
  refresh().catch(() => {});
}

for (const tab of document.querySelectorAll("[role=tab]")) {
  tab.addEventListener("click", () => {
    history.replaceState(null, "", `#${tab.getAttribute("aria-controls")}`);
    turn();
  });
}
window.addEventListener("hashchange", turn);

turn();
setInterval(() => {
  if (!document.hidden) refresh().catch(() => {});
}, 1500);
