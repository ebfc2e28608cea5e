"use strict";
// Shows openapi.json and lets one try it; no library, no third party.
const main = document.getElementById("operations");
const token = document.getElementById("token");
const filter = document.getElementById("filter");

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function resolved(spec, schema, depth = 0) {
  if (!schema || depth > 5) return {};
  if (schema.$ref) return resolved(spec, spec.components.schemas[schema.$ref.split("/").pop()], depth + 1);
  return schema;
}

function example(spec, schema, depth = 0) {
  const found = resolved(spec, schema);
  if (depth > 4) return null;
  if (found.enum) return found.enum[0];
  const type = Array.isArray(found.type) ? found.type[0] : found.type;
  if (found.properties) {
    return Object.fromEntries(Object.entries(found.properties).map(([key, inner]) => [key, example(spec, inner, depth + 1)]));
  }
  if (type === "array") return [example(spec, found.items, depth + 1)];
  return { integer: 0, number: 0, boolean: false, object: {} }[type] ?? "";
}

async function tryIt(method, path, parameters, bodyText, output) {
  const query = new URLSearchParams();
  const headers = {};
  for (const { parameter, input } of parameters) {
    if (!input.value) continue;
    if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    if (parameter.in === "query") query.set(parameter.name, input.value);
    if (parameter.in === "header") headers[parameter.name] = input.value;
  }
  if (token.value) headers.Authorization = `Bearer ${token.value}`;
  if (bodyText !== null) headers["Content-Type"] = "application/json";
  output.textContent = "正在请求…";
  const answer = await fetch(path + (query.size ? `?${query}` : ""), { method, headers, body: bodyText });
  const text = await answer.text();
  let shown = text;
  try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: shown as it is */ }
  output.textContent = `${answer.status}\n${shown.slice(0, 20000)}`;
}

function operationView(spec, path, method, operation) {
  const view = element("details");
  const summary = element("summary");
  summary.append(element("span", method.toUpperCase(), "method"), `${path} — ${operation.summary} `);
  if (operation.security) summary.append(element("span", "需要登录", "lock"));
  view.append(summary);
  view.addEventListener("toggle", () => {
    if (!view.open || view.dataset.built) return;
    view.dataset.built = "yes";
    const inputs = (operation.parameters || []).map((parameter) => {
      const label = element("label", `${parameter.name}${parameter.required ? "（必填）" : ""} `);
      const input = element("input");
      if (parameter.name === "Idempotency-Key") input.value = crypto.randomUUID();
      label.append(input);
      view.append(label);
      return { parameter, input };
    });
    const json = operation.requestBody?.content?.["application/json"];
    let body = null;
    if (json) {
      body = element("textarea");
      body.setAttribute("aria-label", "请求内容");
      body.value = JSON.stringify(example(spec, json.schema), null, 2);
      view.append(body);
    }
    const button = element("button", "试一试");
    const output = element("pre");
    button.addEventListener("click", () => tryIt(method.toUpperCase(), path, inputs, body ? body.value : null, output));
    const actions = element("p");
    actions.append(button);
    view.append(actions, output);
  });
  return view;
}

function render(spec) {
  main.textContent = "";
  const groups = new Map();
  for (const [path, operations] of Object.entries(spec.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (filter.value && !`${path} ${operation.summary}`.includes(filter.value)) continue;
      const tag = operation.tags[0];
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(operationView(spec, path, method, operation));
    }
  }
  for (const [tag, views] of groups) main.append(element("h2", tag), ...views);
  if (!groups.size) main.textContent = "没有符合的接口";
}

fetch("/api/v1/openapi.json").then((answer) => answer.json()).then((spec) => {
  render(spec);
  filter.addEventListener("input", () => render(spec));
}).catch(() => { main.textContent = "接口文档读取失败，请刷新再试"; });
