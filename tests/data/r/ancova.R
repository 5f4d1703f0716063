# Makes ancova.json: a number by groups with covariates held equal, by R itself.
# Run: Rscript tests/data/r/ancova.R   (R 4.2 with jsonlite, car, emmeans)
suppressMessages({library(jsonlite); library(car); library(emmeans)})
options(warn = -1)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
cases <- list()
ancova <- function(name, y, g, x) {
  g <- factor(g); x <- as.matrix(x); dimnames(x) <- NULL; fit <- lm(y ~ g + x)
  full <- deviance(fit); dfe <- df.residual(fit); k <- nlevels(g)
  drop <- function(smaller, df) { f <- (deviance(smaller) - full) / df / (full / dfe)
    c(f, pf(f, df, dfe, lower.tail = FALSE), (deviance(smaller) - full) / deviance(smaller)) }
  terms <- c(list(drop(lm(y ~ x), k - 1)), lapply(seq_len(ncol(x)), function(i)
    drop(if (ncol(x) > 1) lm(y ~ g + x[, -i]) else lm(y ~ g), 1)))
  slopes <- anova(fit, lm(y ~ g * x))
  d <- data.frame(y = y, g = g, x); named <- lm(y ~ ., d)
  means <- emmeans(named, "g"); s <- summary(means); p <- summary(pairs(means, adjust = "holm"))
  cases[[length(cases) + 1]] <<- list(name = name, y = y, g = as.integer(g), x = x, expected = list(
    terms = terms, df_error = dfe, slopes = c(slopes$F[2], slopes[["Pr(>F)"]][2]),
    means = s$emmean, low = s$lower.CL, high = s$upper.CL, difference = p$estimate, t = p$t.ratio, p = p$p.value))
}
ancova("chicks of mtcars", mtcars$mpg, mtcars$cyl, mtcars["wt"])
ancova("anorexia", MASS::anorexia$Postwt, MASS::anorexia$Treat, MASS::anorexia["Prewt"])
ancova("iris, two covariates", iris$Sepal.Length, iris$Species, iris[c("Petal.Length", "Petal.Width")])
ancova("birth weights", MASS::birthwt$bwt, MASS::birthwt$race, MASS::birthwt[c("age", "lwt")])
ancova("two groups", mtcars$qsec, mtcars$am, mtcars[c("hp", "disp", "wt")])
write_json(list(about = "Made by ancova.R with R", r = R.version.string, cases = cases),
           file.path(here, "ancova.json"), digits = NA, auto_unbox = TRUE, null = "null")
