#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-ConvergenceSeries' {
    $calls = @{
        Cmdlet         = 'New-ConvergenceSeries'
        Prepare        = { Get-MPStructure Al -Source Bundled }
        Run            = { param($With, $Place) $Place.Data | New-ConvergenceSeries $Place.Fresh() -CutoffEnergy 400, 500 @With }
        ByParameter    = { param($With, $Place) New-ConvergenceSeries $Place.Fresh() -Structure $Place.Data -CutoffEnergy 400, 500 @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Structure = $Place.Data } | New-ConvergenceSeries $Place.Fresh() -CutoffEnergy 400, 500 @With }
        Fail           = { param($With, $Place) $Place.Data | New-ConvergenceSeries $Place.Fresh() @With }
        FailId         = 'ConvergenceSettingMissing'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
