#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-QEInput' {
    $calls = @{
        Cmdlet         = 'New-QEInput'
        Prepare        = {
            Set-Content Al.upf -Value '<UPF version="2.0.1"><PP_HEADER element="Al" pseudo_type="NC" functional="PBE" z_valence="3.0" wfc_cutoff="30.0" rho_cutoff="120.0" is_ultrasoft="F" is_paw="F" core_correction="F"/></UPF>'
            Get-MPStructure Al -Source Bundled
        }
        Run            = { param($With, $Place) $Place.Data | New-QEInput $Place.Fresh() -PseudopotentialPath . @With }
        ByParameter    = { param($With, $Place) New-QEInput $Place.Fresh() -Structure $Place.Data -PseudopotentialPath . @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Structure = $Place.Data } | New-QEInput $Place.Fresh() -PseudopotentialPath . @With }
        Fail           = { param($With, $Place) $Place.Data | New-QEInput $Place.Fresh() -PseudopotentialPath none @With }
        FailId         = 'PseudopotentialFolder*'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
