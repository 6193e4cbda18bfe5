#!/usr/bin/env pwsh
#Requires -Version 7.4
<#
.SYNOPSIS
Builds, tests and packs the module. Everything is done by dotnet; this script only calls it in the right order.
.DESCRIPTION
Build    compiles everything and lays out the module under out/AtomProNet.PS.
Test     builds, runs all tests of dotnet, then the Pester tests against the built module, and tells their number.
Package  builds, and makes out/AtomProNet.PS.<version>.nupkg.
The version stands in Directory.Build.props alone.
.EXAMPLE
./build.ps1
.EXAMPLE
./build.ps1 -Task Test, Package
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Package')]
    [string[]] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$out = Join-Path $PSScriptRoot 'out'
$module = Join-Path $out 'AtomProNet.PS'
$project = Join-Path $PSScriptRoot 'src' 'AtomProNet.PS'

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE."
    }
}

function Build {
    Invoke-DotNet build (Join-Path $PSScriptRoot 'AtomProNet.PS.sln') --configuration $Configuration --nologo
    Invoke-DotNet publish $project --configuration $Configuration --no-build --nologo --output $module
}

function Test {
    # The Pester tests are one test of dotnet, too; here they run by themselves, so that their number is seen.
    Invoke-DotNet test (Join-Path $PSScriptRoot 'AtomProNet.PS.sln') --configuration $Configuration --no-build --nologo --filter 'FullyQualifiedName!~PesterTests'
    & (Get-Process -Id $PID).Path -NoProfile -File (Join-Path $PSScriptRoot 'tests' 'Pester' 'Invoke-Tests.ps1') -Module (Join-Path $module 'AtomProNet.PS.psd1')
    switch ($LASTEXITCODE) {
        0 { }
        42 { Write-Warning 'The Pester tests did not run.' }
        default { throw 'Pester tests failed.' }
    }
}

function Package {
    Invoke-DotNet pack $project --configuration $Configuration --nologo --output $out
    Get-ChildItem $out -Filter 'AtomProNet.PS.*.nupkg'
}

Build
if ('Test' -in $Task) { Test }
if ('Package' -in $Task) { Package }
