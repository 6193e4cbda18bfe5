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
# A command that fails stops the script, too.
$PSNativeCommandUseErrorActionPreference = $true

$solution = "$PSScriptRoot/AtomProNet.PS.sln"
$project = "$PSScriptRoot/src/AtomProNet.PS"
$out = "$PSScriptRoot/out"

dotnet build $solution --configuration $Configuration --nologo
dotnet publish $project --configuration $Configuration --no-build --nologo --output "$out/AtomProNet.PS"

if ('Test' -in $Task) {
    # The Pester tests are one test of dotnet, too; here they run by themselves, so that their number is seen.
    dotnet test $solution --configuration $Configuration --no-build --nologo --filter 'FullyQualifiedName!~PesterTests'
    & (Get-Process -Id $PID).Path -NoProfile -File "$PSScriptRoot/tests/Pester/Invoke-Tests.ps1" -Module "$out/AtomProNet.PS/AtomProNet.PS.psd1"
}

if ('Package' -in $Task) {
    dotnet pack $project --configuration $Configuration --nologo --output $out
    Get-ChildItem -LiteralPath $out -Filter 'AtomProNet.PS.*.nupkg'
}
