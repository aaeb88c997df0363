export { bernoulli, type Bernoulli, type BernoulliParameters } from "./bernoulli.ts";
export { categorical, type Categorical, type CategoricalParameters } from "./categorical.ts";
export { normal, type Normal, type NormalParameters } from "./normal.ts";
export { oneHotCategorical, type OneHotCategorical } from "./one-hot-categorical.ts";
