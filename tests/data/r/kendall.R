# Makes kendall.json: Kendall's tau-b by R itself. Run: Rscript tests/data/r/kendall.R   (R 4.2 with jsonlite)
suppressMessages(library(jsonlite)); options(warn = -1)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
one <- function(name, x, y) {
  found <- cor.test(x, y, method = "kendall")
  tau <- unname(found$estimate); half <- qnorm(0.975) * sqrt(0.437 / (length(x) - 4))
  list(name = name, x = x, y = y, tau = tau, p = found$p.value, low = tanh(atanh(tau) - half),
       high = tanh(atanh(tau) + half))
}
cases <- list(one("women with ties", c(women$height, 60), c(women$weight[15:1], 120)),
  one("mtcars cyl and carb", mtcars$cyl[1:20], mtcars$carb[1:20]), one("sleep", sleep$extra[1:10], sleep$extra[11:20]),
  one("no ties", c(3, 1, 4, 1.5, 9, 2, 6), c(2, 7, 1, 8, 2.5, 3, 5)), one("iris", iris$Sepal.Width, iris$Petal.Length),
  one("infert", infert$age[1:25], infert$parity[1:25]))
write(toJSON(list(about = "Made by kendall.R", r = R.version.string, cases = cases), digits = NA, auto_unbox = TRUE),
      file.path(here, "kendall.json"))
