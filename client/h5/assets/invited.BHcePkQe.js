function r(r){var t;return(null==(t=r.match(/[\w-]{20,}/))?void 0:t[0])??r.trim()}export{r as c};
