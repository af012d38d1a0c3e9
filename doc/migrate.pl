#!/usr/bin/env perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# Part of DERL for deal.II.
#
# Change the sources of a program that was written for DERL 0.1 to today's names
# of headers, in the table of doc/migration.md, and of what they declare.
#
#   perl migrate.pl file...

use strict;
use warnings;
use File::Basename;

my %header;
open(my $page, '<', dirname(__FILE__) . '/migration.md') or die "$!";
while (<$page>)
{
  next unless my ($old, $new) = /^\| (.*\.h.*) \| `(.*\.h)`.* \|$/;
  $header{$_} = $new for $old =~ /`([a-z_\/]+\.h)`/g;
}

for my $path (@ARGV)
{
  open(my $in, '<', $path) or die "$path: $!";
  my (%seen, $text);
  while (<$in>)
  {
    s{<(derl/)?([a-z_/]+\.h)>}{'<derl/' . $header{$2} . '>'}e
      if /^\s*#include/ && /<(?:derl\/)?([a-z_\/]+\.h)>/ && $header{$1};
    s/\bfirst_derivatives\b/jet_gradients/g;
    s/\bsecond_derivatives\b/jet_hessians/g;
    s/\bthird_derivatives\b/jet_third_derivatives/g;
    s/\bderl::values\b/derl::jet_values/g;
    s/\{values(?=, (derl::)?jet_|\})/{jet_values/g;
    s/\brun_agreed\b/run_collectively/g;
    s/\bJetPlan::Precision\b/Precision/g;
    $text .= $_ unless /^#include <derl/ && $seen{$_}++;
  }
  open(my $out, '>', $path) or die "$path: $!";
  print $out $text;
}
