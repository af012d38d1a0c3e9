# The error of the first region after each stage, for each strategy, from the runs of
# prm/studies/chains.prm:
# gnuplot -c chains.gp OUT TITLE FOLDER SETTING SEED LABEL
set terminal pngcairo size 900,560 font "sans,11"
set output ARG1
set datafile separator ","
set title ARG2
set xlabel "stages learned so far"
set ylabel ARG6
set logscale y
set format y "10^{%T}"
set key outside right
set grid
modes = "fine_tuning elastic replay outl hesl derl_hesl sob derl"
names = "'fine-tuning' 'elastic weights' 'replay of the equation' 'distillation: values' 'distillation: Hessian' 'distillation: gradient, Hessian' 'distillation: values, gradient' 'distillation: gradient'"
name(i) = word(names, i)
plot for [i=1:words(modes)] ARG3."/".word(modes,i)."-".ARG4."-".ARG5."/forgetting.csv" every ::2 using 1:2 with linespoints lw 2 title name(i)
