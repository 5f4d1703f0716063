# Shapes with two peaks and without: mean distance in the QQ plot, and the valley between the peaks of a density.
# Run with: Rscript shape.R > shape.json
library(jsonlite)

shape <- function(name, x) {
  z <- (x - mean(x)) / sd(x); d <- density(x, bw = "nrd0", n = 8192)
  turns <- which(diff(sign(diff(d$y))) != 0) + 1
  list(name = name, data = x, distance = mean(abs(sort(z) - qnorm(ppoints(length(x), a = 0.5)))),
       places = d$x[turns], heights = d$y[turns])
}

cases <- list(shape("waiting", faithful$waiting), shape("eruptions", faithful$eruptions))
cat(toJSON(cases, digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
