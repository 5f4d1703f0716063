# Makes parabola.json: a parabola against a line, anova(lm(y ~ x), lm(y ~ x + I(x^2))), and where it turns.
# Run: Rscript tests/data/r/parabola.R   (R 4.2 with jsonlite)
suppressMessages(library(jsonlite))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
parabola <- function(name, x, y) {
  curve <- lm(y ~ x + I(x^2)); test <- anova(lm(y ~ x), curve); b <- unname(coef(curve))
  list(name = name, x = x, y = y, f = test$F[2], p = test$`Pr(>F)`[2], df = test$Res.Df[2],
       r_squared = summary(curve)$r.squared, curvature = b[3], turning_point = -b[2] / (2 * b[3]))
}
set.seed(20140305); u <- round(runif(120, -3, 3), 4)
cases <- list(
  parabola("a valley", u, round(u^2 + rnorm(120), 4)), parabola("a hill", 40 + u, round(7 - 2 * (u - 0.4)^2 + rnorm(120), 4)),
  parabola("mtcars", mtcars$hp, mtcars$mpg), parabola("cars", cars$speed, cars$dist),
  parabola("pressure", pressure$temperature, pressure$pressure), parabola("no bend", u, round(u + cos(1:120 * 7), 4)))
write(toJSON(list(about = "Made by parabola.R", r = R.version.string, cases = cases), digits = NA, auto_unbox = TRUE),
      file.path(here, "parabola.json"))
