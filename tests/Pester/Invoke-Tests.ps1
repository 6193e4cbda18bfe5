<#
.SYNOPSIS
Runs the Pester tests against a published module.
.PARAMETER Module
The manifest of the module; by default the one that build.ps1 makes.
.PARAMETER ResultPath
Where the counts go, as JSON.
.PARAMETER Quick
Only what concerns the module as a whole and the users' one-liners, within half a minute; the files of single cmdlets and the pages' examples take minutes.
#>
[CmdletBinding()]
param(
    [string] $Module = (Join-Path $PSScriptRoot '../../out/AtomProNet.PS/AtomProNet.PS.psd1'),
    [string] $ResultPath,
    [switch] $Quick
)

$pester = Get-Module Pester -ListAvailable | Where-Object Version -ge '5.0' | Sort-Object Version | Select-Object -Last 1
if (-not $pester) {
    Write-Warning 'Pester 5 or later is needed: Install-PSResource Pester'
    exit 42
}

Import-Module $pester.Path -ErrorAction Stop
$env:ATOMPRONET_MODULE = (Resolve-Path -LiteralPath $Module -ErrorAction Stop).ProviderPath

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Quick ? (('Module', 'Pipeline', 'Objects', 'Completion').ForEach{ Join-Path $PSScriptRoot "$_.Tests.ps1" }) : $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$result = Invoke-Pester -Configuration $configuration

if ($ResultPath) {
    @{
        Passed   = $result.PassedCount
        Failed   = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
        Skipped  = $result.SkippedCount
        Failures = @($result.Failed | ForEach-Object { '{0}: {1}' -f $_.ExpandedPath, ($_.ErrorRecord | Select-Object -First 1) })
    } | ConvertTo-Json | Set-Content -LiteralPath $ResultPath -Encoding utf8
}

exit [int]($result.Result -ne 'Passed')
