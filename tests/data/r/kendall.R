# Makes kendall.json: Kendall's tau-b by R itself. Run: Rscript tests/data/r/kendall.R   (R 4.2 with jsonlite)
suppressMessages(library(jsonlite)); options(warn = -1)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
one <- function(name, x, y) {
  found <- cor.test(x, y, method = "kendall")
  tau <- unname(found$estimate); half <- qnorm(0.975) * sqrt(0.437 / (length(x) - 4))
  if (length(x) < 5) half <- NA
  list(name = name, x = x, y = y, tau = tau, p = found$p.value, low = tanh(atanh(tau) - half),
       high = tanh(atanh(tau) + half))
}
cases <- list(one("women with ties", c(women$height, 60), c(women$weight[15:1], 120)),
  one("mtcars cyl and carb", mtcars$cyl[1:20], mtcars$carb[1:20]), one("sleep", sleep$extra[1:10], sleep$extra[11:20]),
  one("no ties", c(3, 1, 4, 1.5, 9, 2, 6), c(2, 7, 1, 8, 2.5, 3, 5)), one("iris", iris$Sepal.Width, iris$Petal.Length),
  one("infert", infert$age[1:25], infert$parity[1:25]),
  one("four rows", c(1, 2, 3, 4), c(2, 1, 4, 3)), one("five rows with ties", c(1, 2, 2, 3, 4), c(5, 3, 4, 1, 1)),
  one("forty-nine, no ties", 1:49, (1:49 * 17) %% 53), one("fifty, no ties", 1:50, (1:50 * 17) %% 53),
  one("two values each", rep(0:1, 20), c(rep(0, 15), rep(1, 25))), one("falling", 1:30, c(30:2, 5.5)),
  one("nearly no order", 1:12, c(6, 7, 5, 8, 4, 9, 3, 10, 2, 11, 1, 12)))
write(toJSON(list(about = "Made by kendall.R", r = R.version.string, cases = cases), digits = NA, auto_unbox = TRUE, na = "null"),
      file.path(here, "kendall.json"))
