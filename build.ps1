#!/usr/bin/env pwsh
#Requires -Version 7.4
<#
.SYNOPSIS
Builds, tests, packs and installs the module. Everything is done by dotnet; this script only calls it in the right order.
.DESCRIPTION
Build    compiles everything and lays out the module under out/AtomProNet.PS.
Help     makes module/en-US/AtomProNet.PS.dll-Help.xml from the pages under docs/cmdlets, where Microsoft.PowerShell.PlatyPS 1.0 or later is
         found; else it says so and leaves what is there.
Test     builds, runs all tests of dotnet, then the Pester tests against the built module, and tells their number.
Package  builds, and makes out/AtomProNet.PS.<version>.nupkg, which galleries and Install-PSResource take.
Install  builds, and copies the module to where this user's PowerShell looks for modules, in a folder named after its version.
The version stands in Directory.Build.props alone.
.PARAMETER Task
What to do; several at once are done in a sensible order. Default Build.
.PARAMETER Configuration
Release (default) or Debug.
.PARAMETER Destination
The folder of modules that Install copies to. Default: the first one of PSModulePath inside the user's home.
.EXAMPLE
./build.ps1
.EXAMPLE
./build.ps1 -Task Help, Test, Package
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Help', 'Package', 'Install')]
    [string[]] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    [string] $Destination
)

$ErrorActionPreference = 'Stop'
# A command that fails stops the script, too.
$PSNativeCommandUseErrorActionPreference = $true

$solution = "$PSScriptRoot/AtomProNet.PS.sln"
$project = "$PSScriptRoot/src/AtomProNet.PS"
$out = "$PSScriptRoot/out"

# First, since the help goes into the module that is laid out.
if ('Help' -in $Task) {
    if (Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable) {
        & "$PSScriptRoot/docs/Export-Help.ps1"
    }
    else {
        Write-Warning 'The help was not made: Microsoft.PowerShell.PlatyPS is missing (Install-PSResource Microsoft.PowerShell.PlatyPS).'
    }
}

if (@($Task) -ne 'Help') {
    dotnet build $solution --configuration $Configuration --nologo
    dotnet publish $project --configuration $Configuration --no-build --nologo --output "$out/AtomProNet.PS"
}

if ('Test' -in $Task) {
    # The Pester tests are one test of dotnet, too; here they run by themselves, so that their number is seen.
    dotnet test $solution --configuration $Configuration --no-build --nologo --filter 'FullyQualifiedName!~PesterTests'
    & (Get-Process -Id $PID).Path -NoProfile -File "$PSScriptRoot/tests/Pester/Invoke-Tests.ps1" -Module "$out/AtomProNet.PS/AtomProNet.PS.psd1"
}

if ('Package' -in $Task) {
    dotnet pack $project --configuration $Configuration --no-build --nologo --output $out
    Get-ChildItem -LiteralPath $out -Filter 'AtomProNet.PS.*.nupkg'
}

if ('Install' -in $Task) {
    if (-not $Destination) {
        $Destination = $env:PSModulePath -split [IO.Path]::PathSeparator | Where-Object { $_.StartsWith($HOME) } | Select-Object -First 1
        if (-not $Destination) { throw 'No folder of PSModulePath lies in the home folder. Name one with -Destination.' }
    }

    $version = (Import-PowerShellDataFile "$out/AtomProNet.PS/AtomProNet.PS.psd1").ModuleVersion
    $target = Join-Path $Destination "AtomProNet.PS/$version"
    if (Test-Path -LiteralPath $target) { Remove-Item -LiteralPath $target -Recurse -Force }
    $null = New-Item $target -ItemType Directory -Force
    Copy-Item -Path "$out/AtomProNet.PS/*" -Destination $target -Recurse
    Get-Item -LiteralPath $target
}
