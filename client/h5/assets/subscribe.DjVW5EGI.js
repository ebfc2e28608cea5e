import"./index-B7ewZaWa.js";let e=[];async function i(){}function n(i){e.filter(e=>i.includes(e.key)).slice(0,3)}export{n as a,i as p};
